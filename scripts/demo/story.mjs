// The demo: a system from YAML to live and back, told on the screen. Runs in a sandbox: the environment points every AWS client at an embedded AWS.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleFile, root } from "../tasks/paths.mjs";
import { runNode, since, TaskFailed } from "../tasks/process.mjs";
import { findOwned, openSshToTheWorld } from "./aws.mjs";

/** What the story is about. */
const desiredState = join(root, "desired-state");
const stack = { file: "desired-state/crypto-agent.yaml", name: "crypto-agent", firewall: "crypto-agent-sg" };
/** What its stack file asks the environment for: examples, and secrets all the same. */
const secrets = {
  CRYPTO_DATABASE_URL: "postgresql://agent:correct-horse-battery@localhost:5432/news",
  CRYPTO_AWS_ACCESS_KEY_ID: "AKIAEXAMPLEEXAMPLE00",
  CRYPTO_AWS_SECRET_ACCESS_KEY: "example/secret/access/key/0123456789abcde",
  CRYPTO_COINGECKO_API_KEY: "CG-example-api-key",
};

const started = performance.now();
const folder = mkdtempSync(join(tmpdir(), "reconcile-demo-"));
try {
  const hasGit = prepareRepository();
  await tell(hasGit);
  console.log(`\n${bold("The end.")} ${since(started)}, no AWS account, nothing left behind.`);
} catch (error) {
  if (!(error instanceof TaskFailed)) throw error;
  console.error(`\n${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function tell(hasGit) {
  say("\nAn embedded AWS runs on this machine now, and is empty. Here is a repository with a desired state:");
  shell("ls -R desired-state");

  chapter("What would be made?");
  await reconcile(["--plan", stack.file], { exits: 2, meaning: "there are changes" });

  chapter("Make it so.");
  await reconcile([stack.file, "--yes"], { exits: 0, meaning: "done" });
  await reconcile(["outputs", stack.file], { exits: 0 });

  chapter("Once more: nothing to do.");
  await reconcile(["--plan", stack.file], { exits: 0, meaning: "live AWS is as declared" });

  chapter("Somebody opens SSH to the world, by hand.");
  console.log(bold(`\n$ aws ec2 authorize-security-group-ingress --group-name ${stack.firewall} \\`));
  console.log(bold("    --protocol tcp --port 22 --cidr 0.0.0.0/0"));
  await openSshToTheWorld(stack.firewall);
  say("\nThe files have not changed, so this is drift:");
  await reconcile(["--plan", stack.file], { exits: 2, meaning: "there are changes" });

  chapter("A run closes it again, and touches nothing else.");
  await reconcile([stack.file, "--yes"], { exits: 0, meaning: "done" });

  chapter("And back to nothing.");
  await reconcile(["destroy", stack.file, "--confirm", stack.name, "--allow-delete", "all"], {
    exits: 0,
    meaning: "done",
  });
  const left = await findOwned();
  if (left.length > 0) throw new TaskFailed(`The demo expected nothing to be left, and there is: ${left.join(", ")}`);
  say("\nLooked for in AWS itself, by owner: nothing is left.");
  if (!hasGit) say("(git is not installed: without it, nothing can be told apart as drift.)");
}

/** A repository of its own, committed: whatever differs from it later, moved live. */
function prepareRepository() {
  cpSync(desiredState, join(folder, "desired-state"), { recursive: true });
  const author = ["-c", "user.name=demo", "-c", "user.email=demo@example.com", "-c", "commit.gpgsign=false"];
  try {
    for (const args of [
      ["init", "--quiet"],
      ["add", "."],
      [...author, "commit", "--quiet", "--message", "Desired state"],
    ]) {
      execFileSync("git", args, { cwd: folder, stdio: "ignore" });
    }
    return true;
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
    return false;
  }
}

/** Runs the command line as a person would, and checks how it ends. */
async function reconcile(args, { exits, meaning }) {
  console.log(bold(`\n$ reconcile ${args.join(" ")}`));
  const { code } = await runNode([bundleFile, ...args], { cwd: folder, env: { ...process.env, ...secrets } });
  if (code !== exits) throw new TaskFailed(`The demo expected exit code ${exits}, and it was ${code}.`);
  if (meaning) console.log(dim(`exit code ${code}: ${meaning}`));
}

function shell(command) {
  console.log(bold(`\n$ ${command}`));
  execFileSync("sh", ["-c", command], { cwd: folder, stdio: "inherit" });
}

function chapter(title) {
  chapter.number = (chapter.number ?? 0) + 1;
  console.log(`\n${bold(`── ${chapter.number}. ${title} ${"─".repeat(Math.max(0, 90 - title.length))}`)}`);
}

function say(text) {
  console.log(text);
}

function bold(text) {
  return styled(text, 1);
}

function dim(text) {
  return styled(text, 2);
}

function styled(text, code) {
  return process.stdout.isTTY && !process.env.NO_COLOR ? `\u001b[${code}m${text}\u001b[0m` : text;
}
