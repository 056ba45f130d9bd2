# shellcheck shell=bash
# What ./run and ./test share: finding or installing what is missing, choosing the stack, building quietly.
# Sourced, not run. Expects $root, the repository's folder.

say() { printf '%s\n' "$*" >&2; }

die() {
    say "$*"
    exit 1
}

can_install() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

# The package lists are fetched only when the first try fails: on most machines they are there.
install_packages() {
    local log
    log=$(mktemp)
    local options=(-y -qq --no-install-recommends -o DPkg::Lock::Timeout=300)
    export DEBIAN_FRONTEND=noninteractive
    if ! apt-get install "${options[@]}" "$@" </dev/null >"$log" 2>&1 &&
        ! { apt-get update -qq </dev/null >"$log" 2>&1 && apt-get install "${options[@]}" "$@" </dev/null >>"$log" 2>&1; }; then
        tail -n 20 "$log" >&2
        rm -f "$log"
        die "Installing $* failed. Install it by hand (apt-get install $*) and start again."
    fi
    rm -f "$log"
}

need_dotnet() {
    if ! command -v dotnet >/dev/null && [ -x "$HOME/.dotnet/dotnet" ]; then
        export DOTNET_ROOT="$HOME/.dotnet" PATH="$HOME/.dotnet:$PATH"
    fi
    command -v dotnet >/dev/null || die "The .NET 10 SDK is missing. Install it (https://dot.net/download) and start again."
    (cd "$root" && dotnet --version >/dev/null 2>&1) ||
        die "The .NET SDK here does not fit global.json, which asks for .NET 10. Here: $(dotnet --list-sdks | tr '\n' ' ')"
    export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
}

# The same places that the program itself looks in (PostgresBinaries.cs).
has_postgres() {
    local folder version folders
    IFS=: read -r -a folders <<<"$PATH"
    for folder in /usr/lib/postgresql/*/bin /usr/pgsql/*/bin "${folders[@]}"; do
        if [ -x "$folder/postgres" ] && [ -x "$folder/initdb" ]; then
            version=$("$folder/postgres" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')
            if [ "${version:-0}" -ge 15 ] 2>/dev/null; then return 0; fi
        fi
    done
    return 1
}

need_postgres() {
    has_postgres && return
    can_install || die "PostgreSQL 15 or later is missing. Install it and start again:
    sudo apt-get install postgresql
or set ConnectionStrings__Booking to a PostgreSQL database that exists."
    say "Installing PostgreSQL (Debian package postgresql) ..."
    # Only the programs are wanted: without this line Debian would also create and start a cluster of its own on port 5432.
    install_packages postgresql-common
    local conf=/etc/postgresql-common/createcluster.conf
    sed -i -E 's/^#?[[:space:]]*create_main_cluster[[:space:]]*=.*/create_main_cluster = false/' "$conf"
    grep -q '^create_main_cluster = false' "$conf" || echo 'create_main_cluster = false' >>"$conf"
    install_packages postgresql
    has_postgres || die "PostgreSQL was installed, but its programs are not where they were looked for: /usr/lib/postgresql/*/bin."
}

# Prints why the packages of the Full stack cannot be had, nothing when they can: these versions, none near them. Works in a folder
# of its own, so that no half restore stays behind in the project.
probe_full() {
    local folder code=0
    folder=$(mktemp -d)
    {
        echo '<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework><NuGetAudit>false</NuGetAudit>'
        echo '<TreatWarningsAsErrors>true</TreatWarningsAsErrors></PropertyGroup><ItemGroup>'
        sed -n '/<ItemGroup Label="\(Both stacks\|Full\)">/,/<\/ItemGroup>/s/<PackageVersion /<PackageReference /p' "$root/Directory.Packages.props"
        echo '</ItemGroup></Project>'
    } >"$folder/probe.csproj"
    timeout 120 dotnet restore "$folder/probe.csproj" -v q </dev/null >"$folder/log" 2>&1 || code=$?
    if [ $code = 124 ]; then
        echo "the package source did not answer within two minutes"
    elif [ $code != 0 ]; then
        local missing
        missing=$(sed -n 's/.*error NU110[123]: Unable to find package \([A-Za-z0-9.]*[A-Za-z0-9]\).*/\1/p
            s/.*error NU160[13]: .*Dependency specified was \([A-Za-z0-9.]*\) (>= \([0-9.]*\)).*/\1 \2/p' "$folder/log" |
            sort -u | paste -sd, | sed 's/,/, /g')
        if [ -n "$missing" ]; then
            echo "the package source here does not carry $missing"
        else
            echo "its packages do not restore here: $(grep -m1 -o 'error .*' "$folder/log" || tail -n 1 "$folder/log")"
        fi
    fi
    rm -rf "$folder"
}

# Sets $stack and $stack_reason. $1: the stack asked for, or empty. The first answer is kept in .stack (ignored by git).
choose_stack() {
    local asked=${1:-} file="$root/.stack" why
    case "$asked" in
    Lean)
        stack=Lean stack_reason="asked for with --stack"
        ;;
    Full)
        why=$(probe_full)
        [ -z "$why" ] || die "The Full stack was asked for, but $why."
        stack=Full stack_reason="asked for with --stack"
        ;;
    '')
        if [ -s "$file" ]; then
            { read -r stack && read -r stack_reason; } <"$file"
            case "$stack" in
            Lean | Full) return ;;
            *) die "$file names no stack. Remove it, or say which: --stack Lean or --stack Full." ;;
            esac
        fi
        why=$(probe_full)
        case "$why" in
        '') stack=Full stack_reason="all its packages can be had here" ;;
        *"does not carry"*) stack=Lean stack_reason="not Full: $why" ;;
        *)
            # Perhaps only the network is down: use what needs less, and ask again next time.
            stack=Lean stack_reason="not Full: $why"
            return
            ;;
        esac
        ;;
    *) die "--stack takes Full or Lean, not '$asked'." ;;
    esac
    printf '%s\n%s\n' "$stack" "$stack_reason" >"$file" 2>/dev/null || true
}

# Builds without a word when it works. Two copies started at once build one after the other.
build_quietly() {
    local log
    log=$(mktemp)
    exec 9<"$root/tools/setup.sh"
    if command -v flock >/dev/null; then flock 9; fi
    # 9>&-: the compiler's server outlives the build and would keep the lock.
    if ! dotnet build "$@" "-p:Stack=$stack" -v q -nologo -clp:NoSummary </dev/null >"$log" 2>&1 9>&-; then
        cat "$log" >&2
        rm -f "$log"
        die "The build failed."
    fi
    rm -f "$log"
    exec 9<&-
}

has_browser() { command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; }

# Browser tests need Chromium and at least one font; the calendar judges need node.
need_browser() {
    local missing=()
    has_browser || missing+=(chromium fonts-liberation)
    command -v node >/dev/null || missing+=(nodejs)
    command -v npm >/dev/null || missing+=(npm)
    [ ${#missing[@]} != 0 ] || return 0
    can_install || die "For the tests is missing: ${missing[*]}. Install and start again:
    sudo apt-get install ${missing[*]}"
    say "Installing ${missing[*]} ..."
    install_packages "${missing[@]}"
}
