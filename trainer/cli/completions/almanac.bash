# bash completion of almanac: source <(almanac completion bash)
# It asks `almanac complete` and reads a candidate a line, behind a tab what it is. One that ends in `.`, `=` or `/` goes
# on. Works with the bash 3.2 of macOS: no mapfile, no compopt, no negative index.
_almanac() {
  local words=() word last=0 i cur prefix= value line
  # Bash takes a=b apart where COMP_WORDBREAKS says so; what stands without a space between is one word.
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if ((i > 1)) && [[ $word == [=:]* || ${COMP_WORDS[i - 1]} == *[=:] ]] &&
      ! [[ -z $word && ${COMP_LINE:COMP_POINT - 1:1} == [[:space:]] ]]; then
      words[last]+=$word
    else
      last=${#words[@]}
      words[last]=$word
    fi
  done
  cur=${words[last]}
  # Of such a word bash replaces only what stands behind the break.
  [[ $COMP_WORDBREAKS == *=* && $cur == *=* ]] && prefix=${cur%"${cur##*=}"}
  [[ $COMP_WORDBREAKS == *:* && ${cur##*=} == *:* ]] && prefix=${cur%"${cur##*:}"}
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :files ]]; then
      while IFS= read -r value; do
        line=$(printf %q "$value")
        if [[ -d $value ]]; then COMPREPLY+=("$line/"); else COMPREPLY+=("$line "); fi
      done < <(compgen -f -- "$cur")
      continue
    fi
    value=${line%%$'\t'*}
    [[ $value == "$cur"* ]] || continue
    case $value in
      *[.=/]) COMPREPLY+=("${value#"$prefix"}") ;;
      *) COMPREPLY+=("${value#"$prefix"} ") ;;
    esac
  done < <(almanac complete -- "${words[@]}" 2>/dev/null)
}
complete -o nospace -F _almanac almanac
