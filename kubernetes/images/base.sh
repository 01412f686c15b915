#!/bin/sh
# base.sh ARCHIVE: makes a base image, as a docker archive, from what this machine has: a runtime of the JDK that the project is
# built with, and the C library that it runs on. Nothing is downloaded, nothing else is in it. For tests, and for whoever may not
# use an image of others: README.md beside this file. The same JDK and C library give the same archive.
set -eu

usage() {
  echo "Say: base.sh ARCHIVE" >&2
  exit 2
}

[ $# -eq 1 ] || usage
case $1 in
  /*) archive=$1 ;;
  *) archive=$PWD/$1 ;;
esac
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../../.mvn/jdk.sh"
find_jdk

case $(uname -s)-$(uname -m) in
  Linux-x86_64) architecture=amd64 ;;
  Linux-aarch64) architecture=arm64 ;;
  *)
    echo "base.sh: a base is made from a Linux of x86_64 or aarch64, and this is $(uname -sm): name another with -Dimages.base." >&2
    exit 1
    ;;
esac

mkdir -p "$(dirname "$archive")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
root=$work/root
mkdir -p "$root/opt" "$root/etc"
mkdir -m 1777 "$root/tmp"

# The modules of the three programs: those of the Containerfiles.
"$JAVA_HOME/bin/jlink" \
  --add-modules java.se,jdk.crypto.ec,jdk.httpserver,jdk.jfr,jdk.management,jdk.net,jdk.unsupported,jdk.zipfs \
  --strip-debug --no-header-files --no-man-pages --output "$root/opt/java"
# What draws on screens and plays sounds wants libraries that a server has no use for.
(cd "$root/opt/java/lib" && rm -f libawt_xawt.so libjawt.so libsplashscreen.so libjsound.so)

# What the loader finds for them here lies in the image at the same path.
mkdir -p "$root/usr/lib" "$root/usr/lib64"
ln -s usr/lib usr/lib64 "$root"
find "$root/opt/java" \( -name '*.so' -o -path '*/bin/java' \) -exec ldd {} + |
  sed -n -e 's/.*=> \(\/[^ ]*\) (.*/\1/p' -e 's/^[[:space:]]*\(\/[^ ]*\) (.*/\1/p' | grep -v "^$root" | sort -u |
  while read -r library; do
    mkdir -p "$root$(dirname "$library")"
    cp -L "$library" "$root$library"
  done
echo 'besorol:x:10001:10001::/tmp:/nonexistent' >"$root/etc/passwd"
echo 'besorol:x:10001:' >"$root/etc/group"

cd "$work"
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 --format=gnu -cf layer.tar -C root .
digest=$(sha256sum layer.tar | cut -d ' ' -f 1)
cat >config.json <<END
{"architecture":"$architecture","os":"linux","created":"1970-01-01T00:00:00Z",
 "config":{"User":"10001:10001","WorkingDir":"/tmp","Env":["PATH=/opt/java/bin:/usr/bin:/bin"]},
 "rootfs":{"type":"layers","diff_ids":["sha256:$digest"]},
 "history":[{"created":"1970-01-01T00:00:00Z","created_by":"kubernetes/images/base.sh"}]}
END
echo '[{"Config":"config.json","RepoTags":["localhost/besorol-base:latest"],"Layers":["layer.tar"]}]' >manifest.json
tar --sort=name --owner=0 --group=0 --numeric-owner --mtime=@0 --format=gnu -cf "$archive.new" manifest.json config.json layer.tar
mv "$archive.new" "$archive"
