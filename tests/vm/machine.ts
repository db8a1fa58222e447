/**
 * A Debian 12 machine with systemd under qemu, without KVM: boots, runs one script, tells what it printed.
 *
 * The image is built once from the machine's own package sources and kept under `.toolchain/`, named after its recipe.
 * @module
 */
import { fromFileUrl } from "@std/path";
import { mustRun, runCommand } from "../e2e/topology.ts";

const ROOT = fromFileUrl(new URL("../../", import.meta.url));
const RECIPE = `${ROOT}tests/vm/build_image.sh`;
/** Software emulation on a busy machine: a boot alone may take half a minute. */
const LIMIT_S = 480;

/** Builds the image unless it is there; returns its folder. */
async function image(): Promise<string> {
  const recipe = await Deno.readFile(RECIPE);
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", recipe));
  const folder = `${ROOT}.toolchain/vm-${
    Array.from(digest.subarray(0, 6), (byte) =>
      byte.toString(16).padStart(2, "0")).join("")
  }`;
  try {
    await Deno.stat(`${folder}/.complete`);
  } catch {
    await mustRun("bash", RECIPE, folder);
  }
  return folder;
}

/** A file of the machine: where, what, and whether it is a program. */
export interface MachineFile {
  readonly path: string;
  readonly content: string | { readonly copyOf: string };
  readonly isProgram?: boolean;
}

/** Boots a machine with `files` on top of Debian, runs `script` in bash once it is up, and returns its output. */
export async function runMachine(
  files: readonly MachineFile[],
  script: string,
): Promise<string> {
  const folder = await image();
  const work = await Deno.makeTempDir({ prefix: "hakeep-vm-" });
  try {
    await writeLayer(`${work}/layer`, [...files, {
      path: "/vm/run",
      content: script,
    }]);
    await mustRun(
      "mke2fs",
      "-q",
      "-t",
      "ext4",
      "-O",
      "^has_journal",
      "-m",
      "0",
      "-E",
      "root_owner=0:0",
      "-d",
      `${work}/layer`,
      `${work}/layer.ext4`,
      "256M",
    );
    const qemu = await runCommand("timeout", [
      "-k",
      "5",
      String(LIMIT_S),
      "qemu-system-x86_64",
      ...qemuArguments(folder, work),
    ]);
    const output = await Deno.readTextFile(`${work}/result`).catch(() => "");
    if (!/^exit \d+$/m.test(output)) {
      const consoleText = await Deno.readTextFile(`${work}/console`).catch(() =>
        ""
      );
      throw new Error(
        `Cannot run the machine: qemu ended with ${qemu.code}\n${qemu.stderr}\n${output}\n${
          consoleText.slice(-4000)
        }`,
      );
    }
    return output;
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

async function writeLayer(
  layer: string,
  files: readonly MachineFile[],
): Promise<void> {
  for (const { path, content, isProgram = false } of files) {
    const target = `${layer}${path}`;
    await Deno.mkdir(target.slice(0, target.lastIndexOf("/")), {
      recursive: true,
    });
    if (typeof content === "string") await Deno.writeTextFile(target, content);
    else await Deno.copyFile(content.copyOf, target);
    await Deno.chmod(target, isProgram ? 0o755 : 0o644);
  }
}

function qemuArguments(folder: string, work: string): string[] {
  const drive = (name: string, file: string) => [
    "-drive",
    `file=${file},format=raw,if=none,id=${name},readonly=on`,
    "-device",
    `virtio-blk-pci,drive=${name}`,
  ];
  return [
    ...[
      "-M",
      "q35",
      "-cpu",
      "max",
      "-accel",
      "tcg,thread=multi",
      "-smp",
      "2",
      "-m",
      "768",
    ],
    ...[
      "-nodefaults",
      "-display",
      "none",
      "-no-reboot",
      "-serial",
      `file:${work}/console`,
    ],
    ...["-kernel", `${folder}/vmlinuz`, "-initrd", `${folder}/initrd`],
    ...[
      "-append",
      "console=ttyS0 no_timer_check tsc=reliable loglevel=4 panic=-1 net.ifnames=0 mitigations=off systemd.show_status=0",
    ],
    ...drive("root", `${folder}/root.ext4`),
    ...drive("layer", `${work}/layer.ext4`),
    ...[
      "-device",
      "virtio-serial-pci",
      "-chardev",
      `file,id=result,path=${work}/result`,
    ],
    ...[
      "-device",
      "virtserialport,chardev=result,name=result",
      "-device",
      "virtio-rng-pci",
    ],
  ];
}

/** What a script printed below `== NAME`, up to the next such line. */
export function section(output: string, name: string): string {
  const start = output.indexOf(`\n== ${name}\n`);
  if (start < 0) throw new Error(`No section ${name} in:\n${output}`);
  const text = output.slice(start + name.length + 5);
  const end = text.indexOf("\n== ");
  return (end < 0 ? text : text.slice(0, end)).trim();
}
