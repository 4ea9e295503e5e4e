import { expect, test } from "vitest";
import { account, fakeAws, principal } from "./testing.ts";

test("a connection knows its account, partition, region and caller", async () => {
  const { aws } = await fakeAws(() => ({}));
  expect({ ...aws }).toMatchObject({
    account,
    principal,
    partition: "aws",
    region: "eu-west-1",
    globalRegion: "us-east-1",
  });
});
