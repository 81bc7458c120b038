#!/bin/sh
# Prints what this guest is as JSON, for Refresh: image, machine id, boot time, kernel, packages, pending reboot, scripts.
#   refresh-identity.sh          JSON on standard output, for SSH and commands
#   refresh-identity.sh --http   the same as an answer to one HTTP request on standard input, for inetd or a systemd socket
# It reads files and changes nothing. See docs/guest.md for the files in /etc/refresh.
set -u
LC_ALL=C
export LC_ALL

root=${REFRESH_ROOT:-}          # another root directory, for tests
conf=$root/etc/refresh
most=4096                       # bytes kept of what a script prints

# What is not UTF-8 is dropped, so that the rest can be read: a character that was cut, or one of another encoding.
utf8() {
  if command -v iconv >/dev/null 2>&1; then iconv -c -f UTF-8 -t UTF-8 2>/dev/null; else tr -d '\200-\377'; fi
}

# A text as a JSON string: backslashes, quotes and line ends are escaped, other control characters are dropped.
text() {
  tr -d '\000-\010\013-\037\177' | utf8 | sed 's/\\/\\\\/g; s/"/\\"/g' | awk '
    BEGIN { printf "\"" }
    { gsub(/\t/, "\\t"); if (NR > 1) printf "\\n"; printf "%s", $0 }
    END { printf "\"" }'
}

say() { printf '%s' "$1" | text; }

# A value of a file with lines such as NAME=value or NAME="value"; nothing of the file is executed.
value() {
  [ -r "$2" ] || return 0
  sed -n "s/^$1=//p" "$2" | tail -n 1 | sed 's/^"\(.*\)"$/\1/; s/^'\''\(.*\)'\''$/\1/'
}

# The lines of a file that are neither empty nor comments.
lines() {
  [ -r "$1" ] || return 0
  sed 's/[[:space:]]*$//; /^$/d; /^#/d' "$1"
}

list() {
  first=1
  printf '['
  lines "$1" | while IFS= read -r line; do
    [ "$first" = 1 ] || printf ','
    first=0
    say "$line"
  done
  printf ']'
}

image() {
  release=$root/etc/os-release
  [ -r "$release" ] || release=$root/usr/lib/os-release
  name=$(value name "$conf/image")
  version=$(value version "$conf/image")
  digest=$(value digest "$conf/image")
  printf '{"name":'; say "${name:-$(value IMAGE_ID "$release")}"
  printf ',"version":'; say "${version:-$(value IMAGE_VERSION "$release")}"
  printf ',"digest":'; say "$digest"
  printf '}'
}

booted() {
  seconds=$(sed -n 's/^btime //p' "$root/proc/stat")
  date -u -d "@$seconds" +%Y-%m-%dT%H:%M:%SZ
}

# Why a reboot is waited for; nothing if it is not.
reboot() {
  if [ -e "$root/run/reboot-required" ]; then
    packages=$(lines "$root/run/reboot-required.pkgs" | sort -u | tr '\n' ' ')
    printf 'the system asks for it%s' "${packages:+: ${packages% }}"
  elif [ -z "$root" ] && command -v needrestart >/dev/null 2>&1; then
    case $(needrestart -b -k 2>/dev/null | sed -n 's/^NEEDRESTART-KSTA: //p') in
      2 | 3) printf 'another kernel is installed than runs' ;;
    esac
  elif [ -z "$root" ] && command -v needs-restarting >/dev/null 2>&1; then
    needs-restarting -r >/dev/null 2>&1 || printf 'packages were updated that need it'
  fi
}

version_of() {
  if [ -x "$conf/package-version" ]; then
    "$conf/package-version" "$1"
  elif command -v dpkg-query >/dev/null 2>&1; then
    dpkg-query -W -f='${Version}' "$1" 2>/dev/null
  elif command -v rpm >/dev/null 2>&1; then
    rpm -q --qf '%{EPOCHNUM}:%{VERSION}-%{RELEASE}\n' "$1" 2>/dev/null | sed -n '1s/^0://p'
  fi
}

packages() {
  first=1
  printf '{'
  lines "$conf/packages" | sort -u | while IFS= read -r package; do
    version=$(version_of "$package") || version=
    [ -n "$version" ] || version=missing
    [ "$first" = 1 ] || printf ','
    first=0
    say "$package"; printf ':'; say "$version"
  done
  printf '}'
}

bounded() {
  if command -v timeout >/dev/null 2>&1; then timeout 10 "$@"; else "$@"; fi
}

scripts() {
  first=1
  printf '['
  for script in "$conf"/identity.d/*; do
    [ -f "$script" ] && [ -x "$script" ] || continue
    [ "$first" = 1 ] || printf ','
    first=0
    # The exit code has a way of its own and comes first, so that nothing that is printed is taken for it.
    said=$(
      { output=$( { bounded "$script" 2>&1 </dev/null 3>&-; printf '%d ' "$?" >&3; } | { head -c "$most"; cat >/dev/null; } | tr -d '\000'); } 3>&1
      printf '%s' "$output"
    )
    code=${said%% *}
    output=${said#* }
    printf '{"name":'; say "${script##*/}"
    printf ',"exitCode":%d,"output":' "$code"; say "$output"
    printf '}'
  done
  printf ']'
}

identity() {
  printf '{"image":'; image
  printf ',"machineId":'; say "$(cat "$root/etc/machine-id")"
  printf ',"bootedAt":'; say "$(booted)"
  printf ',"patches":'; list "$conf/patches"
  printf ',"kernel":'; say "$(uname -r)"
  why=$(reboot)
  [ -z "$why" ] || { printf ',"reboot":'; say "$why"; }
  vm=$(cat "$root/sys/class/dmi/id/product_uuid" 2>/dev/null)
  [ -z "$vm" ] || { printf ',"vm":'; say "$vm"; }
  [ ! -r "$conf/packages" ] || { printf ',"packages":'; packages; }
  [ ! -d "$conf/identity.d" ] || { printf ',"scripts":'; scripts; }
  printf '}\n'
}

if [ "${1-}" = --http ]; then
  # The request is read to its empty line, whatever it asks for.
  while IFS= read -r header; do
    [ -n "$(printf '%s' "$header" | tr -d '\r')" ] || break
  done
  body=$(identity)
  printf 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s\n' "$((${#body} + 1))" "$body"
else
  identity
fi
