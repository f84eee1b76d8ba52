#!/usr/bin/env bash
# make-root.sh DEST: unpacks PostgreSQL 18 with the DocumentDB extension from Debian into the folder DEST. Needs no root: apt-get only resolves and downloads,
# dpkg-deb only unpacks, no maintainer script runs. Two at once are safe: the first to finish wins.
#   SUITE   the Debian suite that has them (forky)
#   MIRROR  a Debian mirror (the machine's own)
set -euo pipefail
dest=$(realpath -m "$1")
suite=${SUITE:-forky}
[ -d "$dest" ] && exit 0
mirror=${MIRROR:-$(apt-get indextargets --format '$(REPO_URI)' 2>/dev/null | grep -v security | head -n 1 || true)}
mirror=${mirror:-$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null |
  grep -E '^(deb |URIs:)' | grep -v security | grep -oE 'https?://[^ ]+' | head -n 1 || true)}
[ -n "$mirror" ] || { echo "no Debian mirror in apt's sources; set MIRROR" >&2; exit 1; }

mkdir -p "$(dirname "$dest")"
work=$(mktemp -d "$dest.XXXXXX")
trap 'rm -rf "$work"' EXIT
apt=$work/apt root=$work/root
mkdir -p "$apt"/{lists/partial,cache/archives/partial} "$root"

# Declared as needed, never loaded by what we run: apt is told that they are there.
for package in postgresql-common postgresql-client-common postgresql-18-postgis-3 ssl-cert locales tzdata debconf perl ucf adduser openssl sensible-utils \
  init-system-helpers systemd sysvinit-utils libc-l10n readline-common krb5-locales; do
  printf 'Package: %s\nStatus: install ok installed\nMaintainer: nobody <nobody@example>\nArchitecture: amd64\nMulti-Arch: foreign\nVersion: 1:9999\n' "$package"
  [ "$package" = debconf ] && echo 'Provides: debconf-2.0'
  printf 'Description: taken as installed\n\n'
done >"$apt/status"
cat >"$apt/conf" <<CONF
Dir::State "$apt"; Dir::State::Lists "$apt/lists"; Dir::State::status "$apt/status"; Dir::Cache "$apt/cache";
Dir::Etc::SourceList "$apt/sources"; Dir::Etc::SourceParts "/dev/null"; Dir::Etc::Parts "/dev/null";
Acquire::Check-Valid-Until "false"; Acquire::Languages "none"; APT::Install-Recommends "false"; APT::Sandbox::User "";
APT::Architecture "amd64"; APT::Architectures "amd64"; Debug::NoLocking "true";
CONF
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" >"$apt/sources"
export APT_CONFIG=$apt/conf
{ apt-get -q update && apt-get -q -y --download-only install postgresql-18-documentdb; } >"$apt/log" 2>&1 || { tail -n 5 "$apt/log" >&2; exit 1; }
for package in "$apt"/cache/archives/*.deb; do
  dpkg-deb --fsys-tarfile "$package" | tar -x -C "$root" --no-same-owner --exclude='./usr/share/doc' --exclude='./usr/share/man' --exclude='./usr/share/locale' \
    --exclude='*/bitcode' --exclude='./usr/share/info' --exclude='./usr/share/lintian'
done

# DocumentDB wants PostGIS by name. Types and functions of these names are enough while nobody asks for places on a map.
extensions=$root/usr/share/postgresql/18/extension
printf "comment = 'names of PostGIS, nothing behind them'\ndefault_version = '3.9.0'\nrelocatable = false\nschema = public\n" >"$extensions/postgis.control"
{
  for type in geometry geography box2df box2d gidx; do
    echo "CREATE TYPE $type;"
    echo "CREATE FUNCTION ${type}_in(cstring) RETURNS $type AS 'byteain' LANGUAGE internal IMMUTABLE STRICT;"
    echo "CREATE FUNCTION ${type}_out($type) RETURNS cstring AS 'byteaout' LANGUAGE internal IMMUTABLE STRICT;"
    echo "CREATE TYPE $type (INPUT = ${type}_in, OUTPUT = ${type}_out, LIKE = bytea);"
  done
  for function in 'geometry_gist_union_2d(bytea, internal)' 'geometry_gist_decompress_2d(internal)' 'geometry_gist_penalty_2d(internal, internal, internal)' \
    'geometry_gist_picksplit_2d(internal, internal)' 'geometry_gist_same_2d(geometry, geometry, internal)' 'geography_gist_union(bytea, internal)' \
    'geography_gist_decompress(internal)' 'geography_gist_penalty(internal, internal, internal)' 'geography_gist_picksplit(internal, internal)' \
    'geography_gist_same(box2d, box2d, internal)'; do
    echo "CREATE FUNCTION $function RETURNS internal AS 'ginarrayconsistent' LANGUAGE internal IMMUTABLE STRICT;"
  done
} >"$extensions/postgis--3.9.0.sql"
# Built for a newer system, the programs run under their own loader and libraries; initdb starts postgres, so both are wrapped where they lie.
bin=$root/usr/lib/postgresql/18/bin
mkdir "$bin/real"
for program in postgres initdb; do
  mv "$bin/$program" "$bin/real/$program"
  cat >"$bin/$program" <<'WRAPPER'
#!/bin/sh
bin=$(dirname "$0")
root=$bin/../../../../..
exec "$root/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2" --library-path "$root/usr/lib/x86_64-linux-gnu:$bin/../lib" --argv0 "$0" "$bin/real/$(basename "$0")" "$@"
WRAPPER
  chmod 755 "$bin/$program"
done
# Not onto a folder that another one has made meanwhile.
mv -T "$root" "$dest" 2>/dev/null || [ -d "$dest" ]
