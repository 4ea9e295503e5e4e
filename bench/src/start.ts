import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median, type Ran, root, runNode } from "./measure.ts";
import { held, milliseconds, table } from "./table.ts";

const rounds = 21;

const stack = `Resources:
  Images:
    Type: AWS::ECR::Repository
    Properties: { ImageScanningConfiguration: { ScanOnPush: true } }
  Uri:
    Type: AWS::SSM::Parameter
    Properties: { Type: String, Value: !GetAtt Images.RepositoryUri }
`;

/** The bundled command line against a Node that does nothing, in turns, so that whatever else the machine does meets all of them alike. */
export async function start(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "reconcile-bench-"));
  await writeFile(join(folder, "template.yaml"), stack);
  // A copy: the bundle may be built again meanwhile.
  for (const name of ["dist", "package.json"])
    await cp(join(root, "packages", "cli", name), join(folder, name), { recursive: true });
  const bundle = join(folder, "dist", "reconcile.js");
  const commands = [
    { name: "node -e 0", args: ["-e", "0"], allowed: 0 },
    { name: "reconcile --version", args: [bundle, "--version"], allowed: 30 },
    { name: "reconcile validate, one stack", args: [bundle, "validate", "template.yaml"], allowed: 150 },
  ];
  const runs = commands.map((): Ran[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, { name, args }] of commands.entries()) {
      const ran = await runNode(args, folder);
      if (ran.code !== 0) throw new Error(`${name} ended with exit code ${ran.code}.`);
      runs[index]?.push(ran);
    }
  }
  await rm(folder, { recursive: true });
  const measured = runs.map((each) => ({
    ms: median(each.map(({ ms }) => ms)),
    cpu: median(each.map(({ cpuMs }) => cpuMs)),
  }));
  const bare = measured[0] ?? { ms: 0, cpu: 0 };
  const rows = commands.map(({ name, allowed }, index) => {
    const { ms, cpu } = measured[index] ?? bare;
    const [more, moreCpu] = [ms - bare.ms, cpu - bare.cpu];
    return [
      name,
      milliseconds(ms),
      milliseconds(more),
      `${allowed} ms`,
      held(more, allowed),
      milliseconds(cpu),
      milliseconds(moreCpu),
    ];
  });
  return table(["command", `median of ${rounds}`, "above node", "budget", "held", "processor", "above node"], rows);
}
