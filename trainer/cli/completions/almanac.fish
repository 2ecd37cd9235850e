# fish completion of almanac: ~/.config/fish/completions/almanac.fish
# It asks `almanac complete` and reads a candidate a line, behind a tab what it is.
function __almanac_complete
    set -l words (commandline -opc) (commandline -ct)
    for line in (almanac complete -- $words[2..-1] 2>/dev/null)
        if test "$line" = ":files"
            __fish_complete_path (commandline -ct)
        else
            printf '%s\n' $line
        end
    end
end
complete -c almanac -f -k -a '(__almanac_complete)'
