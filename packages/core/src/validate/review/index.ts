export type { Reviewed } from "./model.ts";
export { reviewStack, withoutSecrets } from "./review.ts";
export { reviews } from "./reviews.ts";
export { settableIds } from "./settable.ts";
export { withSettings } from "./settings.ts";
