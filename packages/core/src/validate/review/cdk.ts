import { isScalar, type Node, visit } from "yaml";
import { templateOfFile } from "../../template/nested.ts";
import { textOf } from "../../template/nodes.ts";
import type { Review } from "./model.ts";

/** The buckets and repositories that `cdk bootstrap` makes, and the parameters of earlier versions. */
const asset = /\bcdk-[a-z0-9]{1,10}-(?:container-)?assets-|\bAssetParameters[0-9a-f]{64}/;

export const cdkAsset: Review = {
  id: "cdk.asset",
  severity: "error",
  title: "An asset that CDK would upload",
  about:
    "The template refers to a file or an image by where `cdk deploy` would put it: the code of a function, a container image, a folder for a bucket. Nothing here builds or uploads it, so it is there only if something else has.",
  remedy:
    "Publish it in a step of its own, before each run: npx cdk-assets --path cdk.out/STACK.assets.json publish. Then set cdk.asset: off under checks: in reconcile.yaml.",
  resource: {
    look({ logicalId }, { template }) {
      const declaration = template.resources.get(logicalId);
      const own = declaration && templateOfFile(template, declaration.place.file);
      const properties = declaration?.properties;
      // Its text first, which is quick: hardly any has one.
      if (!own || !properties?.range || !asset.test(own.source.text.slice(...properties.range.slice(0, 2)))) return [];
      const found = firstText(properties);
      if (!found) return [];
      return [
        {
          message: "This is an asset of CDK, which cdk deploy would build and upload; it is not done here.",
          at: own.placeOf(found),
        },
      ];
    },
  },
};

/** The first text in a tree that names an asset. */
function firstText(tree: Node): Node | undefined {
  let found: Node | undefined;
  visit(tree, (_, node) => {
    if (!isScalar(node) || !asset.test(textOf(node))) return undefined;
    found = node;
    return visit.BREAK;
  });
  return found;
}
