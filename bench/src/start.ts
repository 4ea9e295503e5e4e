import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median, root, runNode } from "./measure.ts";
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
  const bundle = join(root, "packages", "cli", "dist", "reconcile.js");
  const commands = [
    { name: "node -e 0", args: ["-e", "0"], allowed: 0 },
    { name: "reconcile --version", args: [bundle, "--version"], allowed: 30 },
    { name: "reconcile validate, one stack", args: [bundle, "validate", "template.yaml"], allowed: 150 },
  ];
  const times = commands.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, { name, args }] of commands.entries()) {
      const { code, ms } = await runNode(args, folder);
      if (code !== 0) throw new Error(`${name} ended with exit code ${code}.`);
      times[index]?.push(ms);
    }
  }
  await rm(folder, { recursive: true });
  const bare = median(times[0] ?? []);
  const rows = commands.map(({ name, allowed }, index) => {
    const middle = median(times[index] ?? []);
    const more = middle - bare;
    const budget = index === 0 ? ["", ""] : [`+${allowed} ms`, held(more, allowed)];
    return [
      name,
      milliseconds(middle),
      index === 0 ? "" : `+${milliseconds(more)}`,
      (middle / bare).toFixed(2),
      ...budget,
    ];
  });
  return table(["command", `median of ${rounds}`, "more than node", "ratio", "budget", "held"], rows);
}
