import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { MemoryFile } from "./memory_files.ts";
import { memorySurroundings } from "./memory_files.ts";
import { preprocess } from "./preprocess.ts";
import { Report } from "./report.ts";

/** What a file becomes: one text a line, words joined by `|`, and the codes reported. */
function read(
  text: string,
  files: Readonly<Record<string, MemoryFile>> = {},
): { lines: string[]; codes: string[] } {
  const report = new Report();
  const surroundings = memorySurroundings({ ...files, "/k.conf": text });
  const { lines } = preprocess(
    "/k.conf",
    { surroundings, keepComments: false },
    report,
  );
  return {
    lines: lines.filter((line) => line.readers !== "parent").map((line) =>
      line.kind === "words"
        ? line.words().join("|")
        : line.kind === "open"
        ? "{"
        : "}"
    ),
    codes: report.diagnostics.map((one) => one.code),
  };
}

const LANGUAGE: readonly (readonly [string, string, readonly string[]])[] = [
  ["comments are cut everywhere", "! a\n# b\nx { # c\ny 1 ! d\n}", [
    "x",
    "{",
    "y|1",
    "}",
  ]],
  ["a comment may be glued to a word", "priority 150!old 120", [
    "priority|150",
  ]],
  ["double quotes keep comment characters", 'a "b #1 <c!>" d', [
    "a|b #1 <c!>|d",
  ]],
  ["single quotes keep nothing", "a 'b #c'", ["a|'b"]],
  ["a carriage return belongs to the line end", "a b\r\nc\r\n", ["a|b", "c"]],
  ["the last line needs no line end", "a b", ["a|b"]],
  ["tabs and spaces are blanks", "\ta \t b\t", ["a|b"]],
  ["other blanks are not", "\u00a0a b\u2003c", ["\u00a0a|b\u2003c"]],
  ["backslashes are ordinary", "priority \\", ["priority|\\"]],
  ["a quote ends a bare word", '"MAS"TER ab"cd"', ["MAS|TER|ab|cd"]],
  ["an empty word is a word", 'a "" b', ["a||b"]],
  ["keywords may be quoted", '"priority" "77"', ["priority|77"]],
  ["braces end a line", "path /a{b}", ["path|/a", "{", "b", "}"]],
  ["quoted braces do not", 'path "/a{b}"', ["path|/a{b}"]],
  ["blocks may share a line", "a { b { c 1 } d 2 } e", [
    "a",
    "{",
    "b",
    "{",
    "c|1",
    "}",
    "d|2",
    "}",
    "e",
  ]],
  ["definitions are replaced at use", "$P=90\np $P\n$P=80\np $P", [
    "p|90",
    "p|80",
  ]],
  ["a definition's order does not matter", "$A=${B}.1\n$B=10\nx $A", [
    "x|10.1",
  ]],
  [
    "a bare reference needs a stop character",
    "$V=1\n$V/24 ${V}/24 x$V,y ($V)",
    [
      "$V/24|1/24|x1,y|(1)",
    ],
  ],
  ["references are replaced in quotes", '$V=a b\nx "${V}"', ["x|a b"]],
  ["a value may hold several words", "$V=a b\nx $V", ["x|a|b"]],
  ["a value may be empty", "$V=\nx $V y", ["x|y"]],
  ["`$NAME = x` is no definition", "$N = x", ["$N|=|x"]],
  ["unknown names stay", "priority $PRIO", ["priority|$PRIO"]],
  ["unknown braced names are cut at their braces", "router_id ${RID}", [
    "router_id|$",
    "{",
    "RID",
    "}",
  ]],
  ["a comment may come out of a definition", "$C=a # b\n$H=x ${_HASH} y\n$H", [
    "x",
  ]],
  ["a self-reference stops growing", "$A=$A\nx $A", ["x|$A"]],
  [
    "definitions of several lines are replayed",
    "$M=\\\n a 1 \\\n b {\\\n }\n$M",
    [
      "a|1",
      "b",
      "{",
      "}",
    ],
  ],
  ["a body may begin behind the equals sign", "$M=a { \\\n b \\\n}\nx $M", [
    "x|a",
    "{",
    "b",
    "}",
  ]],
  ["a comment swallows the continuation", "$M=\\\n a # b \\\n c\nx\n$M", [
    "c",
    "x",
    "a",
  ]],
  ["a comment behind the backslash does not", "$M=\\\n a \\ # b\n c\nx\n$M", [
    "x",
    "a",
    "c",
  ]],
  ["a blank line ends a definition", "$M=\\\n a \\\n\nb\n$M", ["b", "a"]],
  ["a line of a comment ends a definition", "$M=\\\n a \\\n # c\nb\n$M", [
    "b",
    "a",
  ]],
  ["lines must be referred to at the end", "$M=\\\n a \\\n b\n$M c", ["$M|c"]],
  [
    "a definition may use lines of another",
    "$A=\\\n a\n$B=\\\n b \\\n $A\n$B",
    [
      "b",
      "a",
    ],
  ],
  ["~SEQ counts", "~SEQ(i, 250, -2, 246) 10.${i}/24", [
    "10.250/24",
    "10.248/24",
    "10.246/24",
  ]],
  ["~SEQ nests", "~SEQ(a, 1) ~SEQ(b, 2, 3) ${a}.${b}", ["1.2", "1.3"]],
  ["~SEQ counts down by itself", "~SEQ(a, -2) $a", ["-1", "-2"]],
  ["~SEQ takes its arguments from definitions", "$R=3,4\n~SEQ(a, $R) $a", [
    "3",
    "4",
  ]],
  ["~SEQx is hexadecimal", "~SEQx(h, 9, 11) fe80::$h", [
    "fe80::9",
    "fe80::a",
    "fe80::b",
  ]],
  ["~LST takes values", "~LST(v, a, b) x $v y", ["x|a|y", "x|b|y"]],
  [
    "~LST takes tuples",
    "$I=v ${n} { \\\n id ${r} \\\n}\n\n~LST({n,r}, {A,11}, {B}) $I",
    ["v|A", "{", "id|11", "}", "v|B", "{", "id", "}"],
  ],
  ["a generator out of a definition is a word", "$G=~SEQ(i, 2)\n$G x", [
    "~SEQ(i,|2)|x",
  ]],
  ["another `~` is ordinary and not replaced", "$A=1\n~x $A", ["~x|$A"]],
  [
    "conditions keep or drop",
    "@node1 a\n@other b\n@^other c\n@^node1 d\n@ e\n@^ f",
    [
      "a",
      "c",
      "f",
    ],
  ],
  ["conditions guard definitions", "@node1 $P=1\n@x $P=2\np $P", ["p|1"]],
  ["a condition holds behind a brace too", "a { @x b\n} @node1 c", [
    "a",
    "{",
    "}",
    "c",
  ]],
  ["built-in definitions", "a $_PWD $_INSTANCE ${_RANDOM 3 9} ${_ENV X}", [
    "a|/|node1|3",
  ]],
  ["built-in definitions can be redefined", "$_INSTANCE=z\na $_INSTANCE", [
    "a|z",
  ]],
];

for (const [name, text, expected] of LANGUAGE) {
  Deno.test(`preprocess(): ${name}`, () => {
    assertEquals(read(text).lines, [...expected]);
  });
  Deno.test(`preprocess() off the fast path: ${name}`, () => {
    // A NUL byte in the file sends every line through the general path.
    assertEquals(read(text + "\n\0").lines, [...expected]);
  });
}

const PROBLEMS: readonly (readonly [string, string, readonly string[]])[] = [
  ["an open quote", 'a "b', ["HK0405"]],
  ["a NUL byte", "a\0b\nc", ["HK0416"]],
  ["a long line", "a ".repeat(600), ["HK0415"]],
  ["an escaped comment character", "a \\# b", ["HK0417"]],
  ["a step of 0", "~SEQ(a, 1, 0, 5) x", ["HK0420"]],
  ["a step away from the end", "~SEQ(a, 1, -1, 5) x", ["HK0420"]],
  ["negative hexadecimal", "~SEQx(a, -5) x", ["HK0420"]],
  ["a generator without end", "~SEQ(a, 5 x", ["HK0420"]],
  ["too many tuple members", "~LST({a,b}, {1,2,3}) x", ["HK0420"]],
  ["wrong parameters", "a ${_RANDOM x}", ["HK0419"]],
  ["an include in a definition", "$M=\\\n a \\\n include x\n b", ["HK0418"]],
  ["a sequence without end", "~SEQ(a, 1000000000) x", ["HK0421"]],
  ["definitions that use each other", "$A=\\\n $B\n$B=\\\n $A\n$A", ["HK0421"]],
];

for (const [name, text, codes] of PROBLEMS) {
  Deno.test(`preprocess() reports ${name}`, () => {
    assertEquals(read(text).codes, [...codes]);
  });
}

Deno.test("preprocess() throws away what keepalived throws away of a long line", () => {
  const long = "x".repeat(1023) + "priority 5";
  assertEquals(read(long).lines, ["priority|5"]);
  assertEquals(read("é".repeat(512) + " b c").lines, ["b|c"]);
  assertEquals(read("x".repeat(1022)).codes, []);
});

Deno.test("preprocess() leaves an expansion that would be too long", () => {
  const { lines } = read(`$L=${"y".repeat(900)}\na $L $L b`);
  assertEquals(lines, [`a|${"y".repeat(900)}|$L|b`]);
});

Deno.test("preprocess() shows an escaped comment character to the parent alone", () => {
  const report = new Report();
  const { lines } = preprocess("/k.conf", {
    surroundings: memorySurroundings({ "/k.conf": "a b\\#c # d" }),
    keepComments: false,
  }, report);
  assertEquals(lines.map((line) => [line.readers, line.words()]), [
    ["parent", ["a", "b#c"]],
    ["children", ["a", "b"]],
  ]);
});

Deno.test("preprocess() collects comments when asked", () => {
  const text = "! one\nkey value # two\n$A=1 # three\n";
  const { comments } = preprocess("/k.conf", {
    surroundings: memorySurroundings({ "/k.conf": text }),
    keepComments: true,
  }, new Report());
  assertEquals(
    comments.map(({ span, ownLine }) => [
      text.slice(span.start, span.end),
      ownLine,
    ]),
    [["! one", true], ["# two", false], ["# three", false]],
  );
});

Deno.test("preprocess() reads includes in sorted order, relative to the including file", () => {
  const { lines, codes } = read("a\ninclude conf.d/*.conf\nz", {
    "/conf.d/20-b.conf": "b\ninclude more.inc",
    "/conf.d/10-a.conf": "vip { \n",
    "/conf.d/more.inc": "m",
    "/conf.d/.hidden.conf": "h",
  });
  assertEquals(lines, ["a", "vip", "{", "b", "m", "z"]);
  assertEquals(codes, []);
});

Deno.test("preprocess() reads each alternative of a brace list", () => {
  const files = { "/a.conf": "a", "/b.conf": "b" };
  assertEquals(read("include /{b,a}.conf", files).lines, ["b", "a"]);
  assertEquals(read("includeb /{b,c}.conf", files).codes, ["HK0413"]);
  assertEquals(read("include /{b,c}.conf", files).codes, ["HK0408"]);
});

const INCLUDE_RULES: readonly (readonly [string, string, readonly string[]])[] =
  [
    ["include", "missing.conf", ["HK0408"]],
    ["includer", "missing.conf", ["HK0408"]],
    ["includem", "missing.conf", ["HK0413"]],
    ["includew", "missing.conf", ["HK0413"]],
    ["includeb", "missing.conf", ["HK0408"]],
    ["includea", "missing.conf", ["HK0413"]],
    ["include", "none*.conf", ["HK0408"]],
    ["includew", "none*.conf", ["HK0413"]],
    ["includea", "none*.conf", ["HK0413"]],
    ["include", "dir", ["HK0408"]],
    ["includer", "dir", ["HK0413"]],
    ["include", "fifo", ["HK0408"]],
    ["includer", "exe", ["HK0413"]],
    ["include", "k.conf", ["HK0409"]],
    ["includez", "missing.conf", []],
    ["include", "", []],
  ];

for (const [word, file, codes] of INCLUDE_RULES) {
  Deno.test(`preprocess() judges \`${word} ${file}\``, () => {
    const found = read(`${word} ${file}`, {
      "/dir/x": "",
      "/fifo": { refused: "notRegular" },
      "/exe": { refused: "executable" },
    });
    assertEquals(found.codes, [...codes]);
  });
}

Deno.test("preprocess() lets include_check change plain includes that follow", () => {
  const text = "include a\nglobal_defs { include_check match\n}\ninclude a";
  assertEquals(read(text).codes, ["HK0408", "HK0413"]);
});

Deno.test("preprocess() reads an include behind a condition once, and says that keepalived does not", () => {
  const { lines, codes } = read("@node1 include a.conf", { "/a.conf": "a" });
  assertEquals(lines, ["a"]);
  assertEquals(codes, ["HK0414"]);
});

Deno.test("preprocess() ends a chain of includes that is too deep", () => {
  const files: Record<string, string> = {};
  for (let i = 0; i < 200; i++) files[`/${i}.conf`] = `include ${i + 1}.conf`;
  assertEquals(read("include 0.conf", files).codes, ["HK0421"]);
});

Deno.test("preprocess() refuses a main file that is missing, a directory or executable", () => {
  for (const refused of ["missing", "directory", "executable"] as const) {
    const report = new Report();
    preprocess("/k.conf", {
      surroundings: memorySurroundings({ "/k.conf": { refused } }),
      keepComments: false,
    }, report);
    assertEquals(report.diagnostics.map((one) => one.severity), ["error"]);
  }
});

Deno.test("positions lead back to the text through every rewriting", () => {
  const text = "$IF=eth0\n$M=\\\n  interface $IF \\\n  x 1\n" +
    "v { dev ${IF} 7 # c\n $M\n}";
  const { lines } = preprocess("/k.conf", {
    surroundings: memorySurroundings({ "/k.conf": text }),
    keepComments: false,
  }, new Report());
  const placed = lines.filter((line) => line.kind === "words").map((line) =>
    line.words().map((word, index) => {
      const { start, end } = line.wordSpan(index);
      return `${word}=${text.slice(start, end)}`;
    })
  );
  assertEquals(placed, [
    ["v=v"],
    ["dev=dev", "eth0=${IF}", "7=7"],
    ["interface=$M", "eth0=$M"],
    ["x=$M", "1=$M"],
  ]);
  assertEquals(lines[2]?.notes(), ["`$IF` is `eth0`, from /k.conf:1"]);
  assertEquals(lines[3]?.notes(), [
    "`$IF` is `eth0`, from /k.conf:1",
    "`$M` stands for lines defined at /k.conf:2",
  ]);
});

Deno.test("the fast path and the general path read the same lines", () => {
  const piece = fc.constantFrom(
    ...'a b 1 { } " # ! \\ $ @ ~ ; ,'.split(" "),
    " ",
    "\t",
    "\n",
    "\r\n",
    "$A=",
    "${A}",
    "include ",
    "@node1 ",
    "~SEQ(A, 2) ",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join("");
      assertEquals(read(text + "\n").lines, read(text + "\n\0").lines);
    }),
    { numRuns: 2000, seed: 1 },
  );
});
