/** What the workflows have to know. Nothing of it comes from a stranger: see `ScaffoldOptions`. */
export interface WorkflowFacts {
  /** The folder of the stack files, from the repository's root: `desired-state`. */
  folder: string;
  /** The branch that is deployed. */
  branch: string;
  region?: string;
  /** Of Reconcile. */
  version: string;
}

type SetUpFacts = Pick<WorkflowFacts, "region" | "version">;

// By commit: a tag can be moved to another one.
const checkout = "actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0";
const setupNode = "actions/setup-node@49933ea5288caeca8642d1e84afbd3f7d6820020 # v4.4.0";
const credentials = "aws-actions/configure-aws-credentials@a03048d87541d1d9fcf2ecf528a4a65ba9bd7838 # v5.0.0";

/** The workflows by path: a pull request is planned, a merge applied, and every weekday looked for drift. */
export function workflows(facts: WorkflowFacts): Map<string, string>[] {
  return [
    new Map([[".github/workflows/reconcile-plan.yml", onPullRequest(facts)]]),
    new Map([[".github/workflows/reconcile.yml", onMerge(facts)]]),
    new Map([[".github/workflows/reconcile-drift.yml", onSchedule(facts)]]),
  ];
}

function onPullRequest({ folder, ...facts }: WorkflowFacts): string {
  return `# Says in a comment what a pull request would change.
name: reconcile plan

on:
  pull_request:
    paths: ["${folder}/**"]

permissions: {}

concurrency:
  group: reconcile-plan-\${{ github.event.pull_request.number }}
  cancel-in-progress: true

jobs:
  plan:
    # GitHub gives a fork no token for AWS.
    if: github.event.pull_request.head.repo.full_name == github.repository
    runs-on: ubuntu-latest
    timeout-minutes: 15
    permissions:
      contents: read
      id-token: write # proves to AWS which workflow this is
      pull-requests: write # to comment
    steps:
${setUp(facts, "RECONCILE_PLAN_ROLE_ARN")}
      - name: Plan
        # Add what stack files take from the environment, { env: NAME }, from the repository's secrets.
        run: |
          code=0
          reconcile plan ${folder} --format markdown --output "$RUNNER_TEMP/plan.md" || code=$?
          # 2: there are changes, as there should be.
          [ "$code" -eq 0 ] || [ "$code" -eq 2 ]

      - name: Comment
        env:
          GH_TOKEN: \${{ github.token }}
          PULL_REQUEST: \${{ github.event.pull_request.number }}
        run: gh pr comment "$PULL_REQUEST" --edit-last --create-if-none --body-file "$RUNNER_TEMP/plan.md"
`;
}

function onMerge({ folder, branch, ...facts }: WorkflowFacts): string {
  return `# Makes AWS as ${branch} says.
name: reconcile

on:
  push:
    branches: [${branch}]
    paths: ["${folder}/**"]
  workflow_dispatch:

permissions: {}

# One run after the other, and none is cut off.
concurrency:
  group: reconcile
  cancel-in-progress: false

jobs:
  apply:
    runs-on: ubuntu-latest
    timeout-minutes: 60
    permissions:
      contents: read
      id-token: write # proves to AWS which workflow this is
    steps:
${setUp(facts, "RECONCILE_APPLY_ROLE_ARN")}
      - name: Apply
        # Add what stack files take from the environment, { env: NAME }, from the repository's secrets.
        run: reconcile ${folder} --yes
`;
}

function onSchedule({ folder, ...facts }: WorkflowFacts): string {
  return `# Fails when AWS is no longer as the repository says.
name: reconcile drift

on:
  schedule:
    - cron: "17 6 * * 1-5"
  workflow_dispatch:

permissions: {}

concurrency:
  group: reconcile-drift
  cancel-in-progress: true

jobs:
  drift:
    runs-on: ubuntu-latest
    timeout-minutes: 15
    permissions:
      contents: read
      id-token: write # proves to AWS which workflow this is
    steps:
${setUp(facts, "RECONCILE_PLAN_ROLE_ARN")}
      - name: Look for drift
        # Add what stack files take from the environment, { env: NAME }, from the repository's secrets.
        run: reconcile drift ${folder}
`;
}

/** The first steps of a job, up to a command line with the credentials of a role that a variable of the repository names. */
function setUp({ region, version }: SetUpFacts, role: string): string {
  return `      - uses: ${checkout}
        with:
          fetch-depth: 0 # what was there before tells a change from drift
          persist-credentials: false

      - uses: ${setupNode}
        with: { node-version: "22" }

      - run: npm install --global @reconcile/cli@${version}

      - uses: ${credentials}
        with:
          role-to-assume: \${{ vars.${role} }}
          aws-region: ${region ?? `\${{ vars.AWS_REGION }}`}
`;
}
