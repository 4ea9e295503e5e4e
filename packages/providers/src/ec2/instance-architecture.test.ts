import { expect, it } from "vitest";
import { fakeAws } from "../aws/testing.ts";
import { checkArchitecture } from "./instance-architecture.ts";

it("looks at an image that its publisher has deprecated as well", async () => {
  const { aws, bodies } = await fakeAws(() => ({ body: "<Response/>" }));

  await checkArchitecture(aws, "ami-1", "t3.small");

  const asked = bodies.map((body) => new URLSearchParams(body)).find((each) => each.get("Action") === "DescribeImages");
  expect(asked?.get("IncludeDeprecated")).toBe("true");
});
