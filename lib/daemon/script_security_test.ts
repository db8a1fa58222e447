import { assertEquals } from "@std/assert";
import { insecureComponent, type PathComponent } from "./script_security.ts";

const SCRIPT: PathComponent = {
  path: "/etc/hakeep/notify",
  uid: 0,
  gid: 0,
  mode: 0o755,
  isDirectory: false,
  isSymlink: false,
};

const CASES: readonly {
  readonly name: string;
  readonly change: Partial<PathComponent>;
  readonly remedy: string | undefined;
}[] = [
  { name: "root's own", change: {}, remedy: undefined },
  {
    name: "another owner",
    change: { uid: 1000 },
    remedy: "chown root /etc/hakeep/notify",
  },
  {
    name: "another owner's link",
    change: { uid: 1000, isSymlink: true, mode: 0o777 },
    remedy: "chown -h root /etc/hakeep/notify",
  },
  {
    name: "root's link",
    change: { isSymlink: true, mode: 0o777 },
    remedy: undefined,
  },
  {
    name: "writable by all",
    change: { mode: 0o757 },
    remedy: "chmod o-w /etc/hakeep/notify",
  },
  {
    name: "writable by another group",
    change: { gid: 50, mode: 0o775 },
    remedy: "chmod g-w /etc/hakeep/notify",
  },
  {
    name: "writable by root's group",
    change: { mode: 0o775 },
    remedy: undefined,
  },
  {
    name: "a sticky directory",
    change: { isDirectory: true, mode: 0o1777 },
    remedy: undefined,
  },
];

for (const { name, change, remedy } of CASES) {
  const verdict = remedy === undefined ? "accepts" : "refuses";
  Deno.test(`insecureComponent() ${verdict} a path component: ${name}`, () => {
    assertEquals(insecureComponent([{ ...SCRIPT, ...change }])?.remedy, remedy);
  });
}
