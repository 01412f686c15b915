#!/bin/sh
# reproduce.sh [OPTION...]: builds the images of the commit that is checked out twice, in two directories, and compares their
# digests. OPTIONs go to Maven, such as -Dimages.base=tar:///ARCHIVE.
set -eu

root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

for build in one another; do
  mkdir "$work/$build"
  git -C "$root" archive HEAD | tar -xf - -C "$work/$build"
  # The AOT caches of the launchers, which take long, are in no image.
  (cd "$work/$build" && ./mvnw -q -ntp -Pimages package -DskipTests -Dexec.skip=true "$@") >&2
done

status=0
for image in operator trainer inference; do
  one=$(cat "$work/one/kubernetes/images/target/besorol-$image.digest")
  another=$(cat "$work/another/kubernetes/images/target/besorol-$image.digest")
  if [ "$one" = "$another" ]; then
    echo "besorol-$image $one"
  else
    echo "besorol-$image differs: $one, $another"
    status=1
  fi
done
exit $status
