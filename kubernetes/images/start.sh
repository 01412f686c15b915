#!/bin/sh
# start.sh RUNTIME APP PACKAGE TARGET: makes an AOT cache (JEP 514) for the image of the service, from a start with the package, and
# the options with which the image starts from it, into TARGET. RUNTIME is the image's Java, or the archive of base.sh with it; APP
# has Quarkus' jars. The cache fits this runtime and these jars only, by their sizes and times: those of jib are one second old.
set -eu

[ $# -eq 4 ] || { echo "Say: start.sh RUNTIME APP PACKAGE TARGET" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
package=$(cd "$3" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
java=$1
case $1 in
  *.tar)
    tar -xOf "$1" layer.tar | tar -x -C "$work" ./opt/java
    java=$work/opt/java
    ;;
esac
app=$work/opt/besorol
mkdir -p "$app" "$4"
target=$(cd "$4" && pwd)
cp -r "$2/app" "$2/lib" "$2/quarkus" "$app"
find "$app" -name '*.jar' -exec touch -d @1 {} +

# The cache does not know classes of class loaders of one's own, which java -jar quarkus-run.jar would use: all jars on the class
# path, first the bytecode that the build has changed or made. Their directory may be another one later.
path() {
  jars=
  for jar in quarkus/transformed-bytecode.jar quarkus/generated-bytecode.jar app/*.jar lib/boot/*.jar lib/main/*.jar; do
    jars=$jars:$1/$jar
  done
  echo "${jars#:}"
}
cd "$app"

# Without profiles of methods (JEP 515): those of a start mislead the compiler.
log=$target/aot.log
PORT=0 BESOROL_PACKAGE=$package BESOROL_TRAINING_RUN=true BESOROL_SHUTDOWN_DELAY=0s "$java/bin/java" \
  @"$here/../../src/inference/src/main/launcher/java.options" \
  -XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining "-XX:AOTCacheOutput=$target/besorol.aot" \
  -cp "$(path "$app")" io.quarkus.runner.GeneratedMain >"$log" 2>&1 || {
  cat "$log" >&2
  exit 1
}
printf '%s\n' -XX:AOTCache=/opt/besorol/besorol.aot '-Xlog:aot*=off' '-Xlog:cds*=off' \
  -cp "$(path /opt/besorol)" io.quarkus.runner.GeneratedMain >"$target/start"
