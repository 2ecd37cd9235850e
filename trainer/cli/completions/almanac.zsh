#compdef almanac
# zsh completion of almanac: source <(almanac completion zsh) behind compinit, or a file _almanac in a folder of fpath.
# It asks `almanac complete` and reads a candidate a line, behind a tab what it is. One that ends in `.`, `=` or `/` goes on.
_almanac() {
  local line value what wants_files=0
  local -a finished unfinished
  for line in "${(@f)$(almanac complete -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -z $line ]] && continue
    if [[ $line == :files ]]; then
      wants_files=1
      continue
    fi
    value=${line%%$'\t'*}
    what=
    [[ $line == *$'\t'* ]] && what=${line#*$'\t'}
    if [[ $value == *[.=/] ]]; then
      unfinished+=("${value//:/\\:}:$what")
    else
      finished+=("${value//:/\\:}:$what")
    fi
  done
  (( $#finished )) && _describe -V almanac finished
  (( $#unfinished )) && _describe -V almanac unfinished -S ''
  (( wants_files )) && _files
  return 0
}
if [[ ${funcstack[1]} == _almanac ]]; then _almanac "$@"; else compdef _almanac almanac; fi
