#!/bin/sh
# Makes an AppImage of the bundle with appimagetool, which must be on PATH.
# Usage: appimage.sh OUT.AppImage
set -eu

[ $# -eq 1 ] || { echo "usage: $0 OUT.AppImage" >&2; exit 2; }
command -v appimagetool >/dev/null || { echo "$0: appimagetool is not on PATH" >&2; exit 2; }
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cp -a "$here/segmark" "$here/_internal" "$here/LICENSE" "$here/segmark.desktop" "$folder"
cp "$here/_internal/segmark/resources/icons/app.svg" "$folder/segmark.svg"
ln -s segmark "$folder/AppRun"
mkdir -p "$folder/usr/share/mime/packages"
cp "$here/segmark.xml" "$folder/usr/share/mime/packages"
appimagetool "$folder" "$1"
