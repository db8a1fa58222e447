/**
 * The diagnostic codes of the keepalived syntax: HK0401 to HK0599. What they say of scripts holds for both languages.
 * @module
 */

/** Like every code, these keep their meaning for ever. */
export const KEEPALIVED_CODES = {
  HK0401: {
    title: "an opening brace is missing",
    explanation:
      "The keyword opens a block, and its `{` does not follow. keepalived takes the next lines as the block's content all the same.",
  },
  HK0402: {
    title: "an opening brace where none belongs",
    explanation:
      "A `{` stands where no block begins. keepalived ignores the brace but not its `}`, which then closes the enclosing block.",
  },
  HK0403: {
    title: "a closing brace too many",
    explanation:
      "There is a `}` without an open block. Often a block before it was closed too early.",
  },
  HK0404: {
    title: "a block is not closed",
    explanation:
      "The file ends inside a block. The opening brace is shown; its `}` is missing, or a block inside it is not closed.",
  },
  HK0405: {
    title: "an odd number of quotes",
    explanation:
      "A double quote on this line has no partner. keepalived drops the word that it begins.",
  },
  HK0406: {
    title: "an argument is missing",
    explanation:
      "The keyword needs a value and the line ends before it. keepalived stops reading and exits at such a line, so it is refused here too.",
  },
  HK0407: {
    title: "words that are not read",
    explanation:
      "There are more words on the line than the keyword takes. They have no effect. Two settings on one line are a frequent reason: each needs a line of its own.",
  },
  HK0408: {
    title: "an included file is missing or unreadable",
    explanation: "The include line matches no file that can be read.",
  },
  HK0409: {
    title: "a file includes itself",
    explanation:
      "The file is already being read: including it again would never end.",
  },
  HK0410: {
    title: "not a number",
    explanation:
      "The value must be a plain decimal number without a unit. `0x10`, `1e3` and `5s` are not numbers in this language.",
  },
  HK0411: {
    title: "not a truth value",
    explanation:
      "Truth values are `on`, `true`, `yes`, `off`, `false` and `no`, in lower case.",
  },
  HK0412: {
    title: "a name is used twice",
    explanation:
      "A block of this kind and name exists already. keepalived skips the second block as a whole.",
  },
  HK0413: {
    title: "an include that must not fail",
    explanation:
      "`includer`, `includem`, `includew`, `includeb`, `includea` and `include_check` say which problems of an include are fatal. This one is: keepalived does not start, and hakeep refuses.",
  },
  HK0414: {
    title: "an include that keepalived reads twice",
    explanation:
      "keepalived's processes read a copy of the configuration in which an include is replaced by the file's content only when it starts its line. Behind a condition, a brace or a definition the content is in the copy and the include too, so its blocks exist twice. hakeep reads the file once.",
  },
  HK0415: {
    title: "a line that is too long",
    explanation:
      "A line may have 1022 bytes. keepalived throws the first 1023 bytes of a longer one away and reads the rest as a line of its own.",
  },
  HK0416: {
    title: "a NUL byte",
    explanation:
      "The line contains a NUL byte and is ignored as a whole. The file was probably damaged, or saved as UTF-16.",
  },
  HK0417: {
    title: "an escaped comment character",
    explanation:
      "`\\#` and `\\!` mean the plain character only inside `global_defs`. Everywhere else keepalived reads its own copy of the line, in which the backslash is gone already, so a comment starts there. Double quotes work everywhere.",
  },
  HK0418: {
    title: "a definition that ends too early",
    explanation:
      "A definition of several lines goes on as long as lines end in a backslash. A blank line, a line with only a comment, or an include ends it.",
  },
  HK0419: {
    title: "a built-in definition with wrong parameters",
    explanation:
      "`${_RANDOM MIN MAX}` takes up to two whole numbers, `${_ENV NAME}` one name. The text stays as it is.",
  },
  HK0420: {
    title: "a generator that cannot be read",
    explanation:
      "`~SEQ(VAR, START, STEP, END) TEXT`, `~SEQx` and `~LST(VAR, VALUE, …) TEXT` repeat a text. The step must lead towards the end and must not be 0; a tuple must not have more values than there are variables. The line is ignored.",
  },
  HK0421: {
    title: "more than can be read",
    explanation:
      "Includes, definitions or generators bring more files or lines than any real configuration has. Reading stops there, so that a mistake or an attack cannot fill the memory.",
  },
  HK0422: {
    title: "a text that is too long",
    explanation:
      "The text has a limit in bytes. keepalived cuts it there with a message.",
  },
  HK0423: {
    title: "a keyword that means nothing here",
    explanation:
      "keepalived knows the keyword, but what it controls does not exist in hakeep, usually because hakeep has other processes. The message says what happens instead. Nothing has to be done.",
  },
  HK0424: {
    title: "a value is missing and the line ignored",
    explanation:
      "The keyword needs a value and the line ends before it. keepalived ignores the line with a message.",
  },
  HK0425: {
    title: "too many decimals",
    explanation:
      "Seconds have up to six decimals, some settings three. keepalived rounds with a message.",
  },
  HK0426: {
    title: "a deprecated keyword",
    explanation:
      "keepalived still accepts the keyword and asks for its successor, which the message names.",
  },
  HK0427: {
    title: "scripts without enable_script_security",
    explanation:
      "The configuration runs scripts, and `enable_script_security` is not set in `global_defs`. keepalived then runs scripts as root even if other users can change them, and its configuration test ends with 6. Set `enable_script_security`, and `script_user` to a user without privileges.",
  },
  HK0428: {
    title: "a text that is not UTF-8",
    explanation:
      "keepalived takes bytes as they are; hakeep reads UTF-8, and these bytes are not. In a comment that is harmless. In a password or a name the text becomes another one, which peers do not share. Save the file as UTF-8, or use ASCII.",
  },
  HK0429: {
    title: "a false value that switches something on",
    explanation:
      "keepalived takes every truth value behind `skip_check_adv_addr` for `on`, even `off`. hakeep does the same with a keepalived.conf, because the routers of a pair must not differ. To have it off, remove the line.",
  },
  HK0430: {
    title: "a block without what it is for",
    explanation:
      "The block ends and lacks the one setting or entry that it needs: a `vrrp_script` its `script`, a `virtual_server` a `real_server`, a list its entries. keepalived drops the block with a message.",
  },
  HK0431: {
    title: "a name that is not defined before it is used",
    explanation:
      "Scripts, files, processes and BFD sessions must be defined above the line that refers to them. keepalived ignores the reference, and the instance runs without it. Move the definition to the top, or correct the name.",
  },
  HK0432: {
    title: "a routing rule without a preference",
    explanation:
      "keepalived chooses a number for a rule without `preference`, counting down from 16384, and says that this is probably not what you want. Give every rule its own.",
  },
  HK0433: {
    title: "a value that import fixes",
    explanation:
      "`${_ENV NAME}` and `${_RANDOM}` stand for something else on another machine or at another time. TOML has no such definitions, so `hakeep import` writes the value of this moment. Correct it by hand where it must differ.",
  },
  HK0434: {
    title: "a line for another configuration id",
    explanation:
      "Lines that begin with `@ID` are for the router of that id, those with `@^ID` for all others. `hakeep import` writes the configuration of one router and keeps the lines of others as comments. Import once per router, each with its own `--config-id`.",
  },
  HK0435: {
    title: "a quorum above the sum of weights",
    explanation:
      "`quorum` is counted in weights: with three real servers of weight 1 a quorum above 3 could never be reached. keepalived lowers it to the sum. Lower it, or raise the weights of the real servers.",
  },
  HK0436: {
    title: "a script that is not there",
    explanation:
      "The file does not exist on this machine. keepalived disables the script, so that a track script neither fails nor helps and a notification is not sent. Correct the path, or install the script.",
  },
  HK0437: {
    title: "a script that cannot be run",
    explanation:
      "The file has no execute bit, or is no file at all. keepalived disables the script. Set the bit with `chmod a+x`.",
  },
  HK0438: {
    title: "a script that others than root can change",
    explanation:
      "Scripts run as root unless `script_user` says otherwise. Here the file, or a directory on the way to it, belongs to somebody else or may be written by others, who could then run anything as root. The message names the first such component, its owner or mode, and the command that fixes it. keepalived warns, and with `enable_script_security` disables the script.",
  },
  HK0439: {
    title: "a script is named twice",
    explanation:
      "The keyword for a script, or for a FIFO, stands a second time in the same block. keepalived keeps the first and ignores this one with a message. Remove one; to do two things, write a script that does both.",
  },
  HK0440: {
    title: "a setting is given twice",
    explanation:
      "The block has this setting already. keepalived complains; of digests and names of DNS it keeps the first, of everything else the last.",
  },
  HK0441: {
    title: "a reference that stands for nothing",
    explanation:
      "`$NAME` and `${NAME}` stand for what a line `$NAME=VALUE` above defines. Without such a line they stay as they are; so does `$NAME` unless a blank, a comma, `)` or the end of the line follows, and in all other places it is to be written `${NAME}`. keepalived says nothing of it, but takes the braces of an unknown `${NAME}` for those of a block, so that its `}` closes the block around it.",
  },
} as const;
