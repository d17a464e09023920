# shellcheck shell=sh
# Part of verify-bits-everywhere: OpenJDKs of Debian, for this CPU or another, in a folder of their own. Nothing is
# installed, and apt's own lists stay as they are.
#
# Takes the variables fetch (the folder, or nothing), mirror and list; debian_jdk leaves jdk or reason.
# shellcheck disable=SC2154,SC2034

# in_own_apt ARCH SUITE KEYRING COMMAND ARGUMENT…
#   apt-get that knows one suite and one architecture, and thinks that nothing is installed.
in_own_apt() {
  apt_arch=$1 apt_suite=$2 apt_keys=$3
  shift 3
  apt=$fetch/apt-$apt_arch-$apt_suite
  mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$apt/parts"
  : >"$apt/status"
  echo "deb [arch=$apt_arch signed-by=$apt_keys] $mirror $apt_suite main" >"$apt/sources.list"
  apt-get -qq -o APT::Architecture="$apt_arch" -o APT::Architectures="$apt_arch" -o APT::Install-Recommends=false \
    -o APT::Sandbox::User="$(id -un)" -o Debug::NoLocking=1 -o Dir::Etc::SourceList="$apt/sources.list" \
    -o Dir::Etc::SourceParts="$apt/parts" -o Dir::Etc::Parts="$apt/parts" -o Dir::Etc::PreferencesParts="$apt/parts" \
    -o Dir::State::Lists="$apt/lists" -o Dir::State::Status="$apt/status" -o Dir::Cache="$apt/cache" "$@"
}

# Unpacks all packages that apt-get downloaded last into a folder.
unpack_all() {
  mkdir -p "$1/usr/bin" "$1/usr/lib" "$1/usr/lib64" "$1/usr/sbin"
  for part in bin lib lib64 sbin; do
    [ -e "$1/$part" ] || ln -s "usr/$part" "$1/$part"
  done
  for package in "$apt"/cache/archives/*.deb; do
    dpkg-deb --fsys-tarfile "$package" | tar -x --keep-directory-symlink -C "$1" || return 1
  done
  rm -rf "$apt/cache"
}

# debian_keys: the keyring of the newest release, which also knows the keys of sid; itself checked by this machine's.
debian_keys() {
  keys=$fetch/keyring/usr/share/keyrings/debian-archive-keyring
  for suffix in pgp gpg; do
    [ ! -e "$keys.$suffix" ] || { keys=$keys.$suffix && return 0; }
  done
  own_keys=/usr/share/keyrings/debian-archive-keyring.gpg
  [ -e "$own_keys" ] || own_keys=/usr/share/keyrings/debian-archive-keyring.pgp
  host=$(dpkg --print-architecture)
  in_own_apt "$host" trixie "$own_keys" update || return 1
  in_own_apt "$host" trixie "$own_keys" install -y --download-only debian-archive-keyring >/dev/null || return 1
  unpack_all "$fetch/keyring" || return 1
  for suffix in pgp gpg; do
    [ ! -e "$keys.$suffix" ] || { keys=$keys.$suffix && return 0; }
  done
  return 1
}

# debian_mirror: where this machine's apt has Debian from, unless one was given.
debian_mirror() {
  [ -z "$mirror" ] || return 0
  # shellcheck disable=SC2016  # apt-get's variables
  mirror=$(apt-get indextargets --format '$(ORIGIN) $(REPO_URI)' 'Created-By: Packages' \
    | sed -n '/security/d;s/^Debian //p' | head -n 1)
  [ -n "$mirror" ]
}

# debian_jdk ARCH VERSION SUITE
#   Sets jdk to a command that runs like java; or reason, and fails.
debian_jdk() {
  jdk_arch=$1 jdk_version=$2
  case $jdk_arch in
    amd64) machine=x86_64 ;;
    arm64) machine=aarch64 ;;
    *) machine=$jdk_arch ;;
  esac
  if [ -z "$fetch" ]; then
    reason='needs --fetch FOLDER'
    return 1
  fi
  if $list; then
    jdk="(Debian's OpenJDK $jdk_version for $jdk_arch)"
    return 0
  fi
  for tool in apt-get dpkg-deb tar; do
    command -v "$tool" >/dev/null || { reason="there is no $tool" && return 1; }
  done
  native=false
  [ "$jdk_arch" != "$(dpkg --print-architecture)" ] || native=true
  emulator=qemu-$machine-static
  if ! $native && ! command -v "$emulator" >/dev/null; then
    reason="there is no $emulator: apt-get install qemu-user-static"
    return 1
  fi
  folder=$fetch/$jdk_arch-$jdk_version
  jdk=$folder/java
  [ ! -x "$jdk" ] || return 0
  debian_mirror || { reason="apt knows no Debian here: needs --mirror URL" && return 1; }
  reason="Debian's openjdk-$jdk_version for $jdk_arch could not be fetched from $mirror"
  say "fetching OpenJDK $jdk_version for $jdk_arch, once: a minute or two …"
  debian_keys || return 1
  in_own_apt "$jdk_arch" "$3" "$keys" update || return 1
  in_own_apt "$jdk_arch" "$3" "$keys" install -y --download-only "openjdk-$jdk_version-jre-headless" >/dev/null \
    || return 1
  rm -rf "$folder"
  unpack_all "$folder/root" || return 1
  # Absolute links would lead out of the folder.
  find "$folder/root" -type l -lname '/*' | while IFS= read -r link; do
    ln -sf "$folder/root$(readlink "$link")" "$link"
  done
  home=$(find "$folder/root/usr/lib/jvm" -maxdepth 1 -type d -name "java-$jdk_version-*")
  triplet=$machine-linux-gnu
  if $native; then
    # By the loader and the C library that it was built for.
    loader=$(find "$folder/root/usr/lib/$triplet" -name 'ld-linux*' | head -n 1)
    libraries=$folder/root/usr/lib/$triplet:$home/lib:$home/lib/server:$home/lib/jli
    printf '#!/bin/sh\nexec "%s" --library-path "%s" "%s/bin/java" "$@"\n' "$loader" "$libraries" "$home" >"$jdk"
  else
    printf '#!/bin/sh\nexec %s -L "%s" "%s/bin/java" "$@"\n' "$emulator" "$folder/root" "$home" >"$jdk"
  fi
  chmod +x "$jdk"
}
