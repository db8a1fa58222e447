# What building and testing need besides Debian and Node: fetched once into .toolchain/, pinned by SHA-512.
# Sourced by scripts/build and scripts/test; leaves DENO, DENO_DIR and PATH set.

DENO_VERSION=2.7.11
# The runtime that `deno compile` puts in front of a program. Where its official download cannot be reached, it is cut
# out of an MIT-licensed program that was compiled with this very version.
FALLBACK_VERSION=0.22.2

TOOLCHAIN="$ROOT/.toolchain"
export DENO_DIR="$TOOLCHAIN/deno-dir" DENO_TLS_CA_STORE=system,mozilla DENO_NO_UPDATE_CHECK=1 NO_COLOR=1

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

sha512_of() { sha512sum "$1" | cut -d' ' -f1; }

# fetch_npm NAME VERSION SHA512 DIRECTORY: unpacks a package of the npm registry, verified.
fetch_npm() {
  local name=$1 version=$2 hash=$3 directory=$4 tarball
  [ -e "$directory/.complete" ] && return 0
  command -v npm >/dev/null || die "npm is missing: install Debian's npm (or Node.js) first"
  say "fetching $name $version"
  rm -rf "$directory" "$directory.part"
  mkdir -p "$directory.part"
  tarball=$(cd "$directory.part" && npm pack --silent "$name@$version" 2>/dev/null | tail -n 1) ||
    die "cannot fetch $name $version with npm"
  [ "$(sha512_of "$directory.part/$tarball")" = "$hash" ] || die "$name $version is not what it was: its SHA-512 differs"
  tar -xzf "$directory.part/$tarball" -C "$directory.part" --strip-components 1
  rm "$directory.part/$tarball"
  touch "$directory.part/.complete"
  mv "$directory.part" "$directory"
}

ensure_deno() {
  case "$(uname -m)" in
    x86_64)
      fetch_npm @deno/linux-x64-glibc $DENO_VERSION \
        4c2457ab2e2b1c8fa92a659f8c8cffa9f0f27d3cfad6a8718fed37904277af4633446b173681f213b5a251ac3050ada16eb040bbb867de6e7cdf755462a4733a \
        "$TOOLCHAIN/deno"
      ;;
    *) die "building needs an x86_64 machine: Deno $DENO_VERSION is not on the npm registry for $(uname -m)" ;;
  esac
  chmod +x "$TOOLCHAIN/deno/deno"
  DENO="$TOOLCHAIN/deno/deno"
  export PATH="$TOOLCHAIN/deno:$PATH"
}

# cut_runtime PROGRAM OUT: a compiled program is runtime ‖ data; its last 8 bytes count the data.
cut_runtime() {
  node -e '
    const fs = require("fs");
    const [program, out] = process.argv.slice(1);
    const bytes = fs.readFileSync(program);
    const cut = bytes.length - Number(bytes.readBigUInt64LE(bytes.length - 8));
    if (bytes.subarray(cut, cut + 8).toString("latin1") !== "d3n0l4nd") throw new Error("no data section");
    fs.writeFileSync(out, bytes.subarray(0, cut));
  ' "$1" "$2"
}

# ensure_denort TARGET (x86_64|aarch64): leaves the path in DENORT and where it is from in DENORT_ORIGIN.
ensure_denort() {
  local target=$1 hash triple package package_hash directory="$TOOLCHAIN/denort-$1"
  case "$target" in
    x86_64)
      triple=x86_64-unknown-linux-gnu
      hash=271cd56357e895b6d4fe049fe1327a2129d04199809bbad34d9c0c27d7b15d4a64618813ac9777908dfa96186f6f45953bd880b4ebdef3d76a029aef1239b809
      package=@stdy/cli-linux-x64
      package_hash=929e50746dba102f20133557234620ce68a2147cfb0c508d44b35f0166b6ac33c7aff8d40677e43fc0256d33e6bf460d4299ca9f5c334961c5c3cf1f9ff393a2
      ;;
    aarch64)
      triple=aarch64-unknown-linux-gnu
      hash=0d5957e112d0b50ff72f2fa0de42712e59977ac6d1a6144f9a293c8c7e31abbebe0ebc4cf846f4db77bd504b3d7dffec16dcd29bd800e0d438206ac8109f9387
      package=@stdy/cli-linux-arm64
      package_hash=1e3490740b78d02a5821ab94289d71c8812c76b7f92ed40fd71f12bbb04464937de3cd3b44e257c5a6d6fa35f2738f3cdb7b55064ae7c4d5144eb04ae1355347
      ;;
  esac
  DENORT="$directory/denort"
  if [ ! -e "$directory/.complete" ]; then
    rm -rf "$directory"
    mkdir -p "$directory"
    if official_denort "$triple" "$directory/denort" && [ "$(sha512_of "$directory/denort")" = "$hash" ]; then
      echo "official download" >"$directory/origin"
    else
      fetch_npm $package $FALLBACK_VERSION $package_hash "$TOOLCHAIN/denort-source-$target"
      cut_runtime "$TOOLCHAIN/denort-source-$target/bin/steady" "$directory/denort"
      [ "$(sha512_of "$directory/denort")" = "$hash" ] || die "the runtime for $target is not what it was: its SHA-512 differs"
      rm -rf "$TOOLCHAIN/denort-source-$target"
      echo "pinned fallback, cut from $package $FALLBACK_VERSION" >"$directory/origin"
    fi
    chmod +x "$directory/denort"
    touch "$directory/.complete"
  fi
  DENORT_ORIGIN=$(cat "$directory/origin")
}

# official_denort TRIPLE OUT: lets deno fetch its own runtime, and takes it out of what it compiled.
official_denort() {
  local work
  work=$(mktemp -d)
  echo 'console.log(1)' >"$work/hello.js"
  (
    cd "$work" && unset DENORT_BIN &&
      timeout 120 "$DENO" compile --quiet --no-check --target "$1" -o hello hello.js >/dev/null 2>&1
  ) && cut_runtime "$work/hello" "$2" 2>/dev/null
  local result=$?
  rm -rf "$work"
  return $result
}

# ensure_libnl TARGET: Debian's libnl of the target, unpacked; leaves the folder of its .so files in LIBNL.
ensure_libnl() {
  local target=$1 architecture hashes version=3.7.0-0.2+b1
  case "$target" in
    x86_64)
      architecture=amd64
      hashes="6e6e77f3dd8e3a8f8ab7bfa911ac7b5a2402a063ea3e6140fe6e865364c8bb537aa51dd4a96ef7c066324b60a92e5d60174fcce77709150ff616e6badd062ab1 b221c3c5f5bae1ff3905a55c70dd94d015764f1912a2794f43d7bbc431b4fb75de1db6445170bd4fc6df86afe33071234ae4d7e8396827081cb08a967722dc23"
      ;;
    aarch64)
      architecture=arm64
      hashes="a1c0a0f3c902b6d69c2eb7bc21b4408c3dfc2b088c6966b3663b003f84cd7c49dc2f244a084d8307afceff1a5c812503c8fbec74816c8570d2078ea22fee34e0 34fde33d441d9be8bfdcf83b88b2b6577066f46bc531ea65c16c566f65900a761d853fe790600c3f546b297de8f6c577cd20f30d072b8ef0fd3eb6dc66960cb8"
      ;;
  esac
  LIBNL="$TOOLCHAIN/libnl-$target"
  [ -e "$LIBNL/.complete" ] && return 0
  say "fetching libnl $version for $architecture"
  rm -rf "$LIBNL" "$LIBNL.part"
  mkdir -p "$LIBNL.part"/{state/lists/partial,cache/archives/partial,tree}
  # A state of its own: the machine's list of packages and architectures stays as it is.
  local apt=(apt-get -qq -o APT::Architecture=$architecture -o APT::Architectures=$architecture
    -o Dir::State="$LIBNL.part/state" -o Dir::State::status=/dev/null -o Dir::Cache="$LIBNL.part/cache"
    -o APT::Sandbox::User=root)
  "${apt[@]}" update >/dev/null || die "apt-get cannot read the package lists"
  local package
  for package in libnl-3-200 libnl-genl-3-200; do
    (cd "$LIBNL.part" && "${apt[@]}" download "$package=$version" >/dev/null) ||
      die "Debian no longer has $package $version: put the new version and its SHA-512 into scripts/toolchain.sh"
    local deb="$LIBNL.part/${package}_${version}_$architecture.deb"
    [ "$(sha512_of "$deb")" = "${hashes%% *}" ] || die "$package $version is not what it was: its SHA-512 differs"
    hashes=${hashes#* }
    dpkg-deb -x "$deb" "$LIBNL.part/tree"
  done
  mkdir "$LIBNL.part/lib"
  local name
  for name in libnl-3.so.200 libnl-genl-3.so.200; do
    cp "$(find "$LIBNL.part/tree" -name "$name" | head -n 1)" "$LIBNL.part/lib/$name"
  done
  rm -rf "$LIBNL.part"/{state,cache,tree,*.deb}
  touch "$LIBNL.part/.complete"
  mv "$LIBNL.part" "$LIBNL"
}
