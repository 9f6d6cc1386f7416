/** The text of a file; a TypeScript file is bundled for browsers first. See scripts/dist.js. */
declare module '*?text' {
  const text: string;
  export default text;
}
