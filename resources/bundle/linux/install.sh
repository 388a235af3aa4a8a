#!/bin/sh
# Adds Segmark to the menu of this user, opens .segmark files with it, and links the command
# segmark into ~/.local/bin; --uninstall takes all of this back. The program itself stays in this
# folder: to move it, uninstall it, move the folder and install it again.
set -eu

usage() {
    echo "usage: $0 --user | --uninstall" >&2
    exit 2
}

[ $# -eq 1 ] || usage
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)
data=${XDG_DATA_HOME:-$HOME/.local/share}
desktop=$data/applications/segmark.desktop
mime=$data/mime/packages/segmark.xml
icon=$data/icons/hicolor/scalable/apps/segmark.svg
command=$HOME/.local/bin/segmark

refresh() {
    if [ -d "$data/mime/packages" ] && command -v update-mime-database >/dev/null; then
        update-mime-database "$data/mime"
    fi
    if [ -d "$data/applications" ] && command -v update-desktop-database >/dev/null; then
        update-desktop-database -q "$data/applications"
    fi
}

# The path of the program as the key Exec wants it: quoted, with its special characters escaped.
quoted() {
    printf '"%s"' "$(printf '%s' "$here/segmark" |
        sed -e 's/\\/\\\\\\\\/g' -e 's/["`$]/\\\\&/g' -e 's/%/%%/g')"
}

install_for_user() {
    mkdir -p "${desktop%/*}" "${mime%/*}" "${icon%/*}" "${command%/*}"
    while IFS= read -r line; do
        case $line in
            Exec=*) printf 'Exec=%s %%f\n' "$(quoted)" ;;
            *) printf '%s\n' "$line" ;;
        esac
    done <"$here/segmark.desktop" >"$desktop"
    cp "$here/segmark.xml" "$mime"
    cp "$here/_internal/segmark/resources/icons/app.svg" "$icon"
    refresh
    echo "Segmark is in the menu, and a double click opens .segmark files."
    if [ -e "$command" ] && [ ! -L "$command" ]; then
        echo "$command is another program and was left alone."
    else
        ln -sf "$here/segmark" "$command"
        echo "The command is $command."
    fi
}

uninstall() {
    rm -f "$desktop" "$mime" "$icon"
    if [ "$(readlink "$command" 2>/dev/null)" = "$here/segmark" ]; then
        rm -f "$command"
    fi
    refresh
    echo "Segmark is no longer in the menu; projects and settings were left alone."
}

case $1 in
    --user) install_for_user ;;
    --uninstall) uninstall ;;
    *) usage ;;
esac
