# Sourced by mvnw and by the launcher besorol. find_jdk sets and exports JAVA_HOME to a JDK of at least version 25: the one
# that JAVA_HOME names, the one on the PATH, or one in the usual places of Linux and macOS.

# is_jdk DIR: whether DIR is a JDK that is new enough (its file "release" says so without starting it)
is_jdk() {
  [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && [ -r "$1/release" ] || return 1
  jdk_version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
  [ -n "$jdk_version" ] && [ "$jdk_version" -ge 25 ]
}

find_jdk() {
  if [ -n "${JAVA_HOME:-}" ] && is_jdk "$JAVA_HOME"; then
    export JAVA_HOME
    return
  fi
  jdk_on_path=$(command -v java 2>/dev/null || true)
  while [ -L "$jdk_on_path" ]; do # readlink -f is not everywhere
    jdk_link=$(readlink "$jdk_on_path")
    case $jdk_link in
      /*) jdk_on_path=$jdk_link ;;
      *) jdk_on_path=$(dirname "$jdk_on_path")/$jdk_link ;;
    esac
  done
  for jdk in \
    "${jdk_on_path%/bin/java}" \
    /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /usr/local/java/* /opt/java/* /opt/*jdk* \
    "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/* "$HOME"/.asdf/installs/java/* "$HOME"/.local/share/mise/installs/java/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home "$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    if is_jdk "$jdk"; then
      JAVA_HOME=$jdk
      export JAVA_HOME
      return
    fi
  done
  echo "Besorol needs a JDK 25 or newer and found none: install one (for example Eclipse Temurin 25 from adoptium.net), or set JAVA_HOME to it." >&2
  exit 1
}
