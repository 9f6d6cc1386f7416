/** The page at `/`. Its content comes from the script, which listens to `/__sandbox/events`. */
/// <reference path="./text-imports.d.ts" />
import icon from './icon.svg?text';
import script from './script.ts?text';
import style from './style.css?text';

/** Files that the page loads, by path. */
export const pageFiles: ReadonlyMap<string, { type: string; text: string }> = new Map([
  ['/__sandbox/page.js', { type: 'text/javascript; charset=utf-8', text: script }],
  ['/__sandbox/page.css', { type: 'text/css; charset=utf-8', text: style }],
  ['/__sandbox/icon.svg', { type: 'image/svg+xml', text: icon }],
  ['/favicon.ico', { type: 'image/svg+xml', text: icon }],
]);

/** `token` is made by the sandbox, and needs no escaping in HTML. */
export function renderPage({
  token,
  acceptLanguage = '',
}: {
  token: string;
  acceptLanguage?: string | undefined;
}): string {
  return `<!doctype html>
<html lang="${prefersChinese(acceptLanguage) ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="sandbox-token" content="${token}">
<title>WeChat Pay sandbox</title>
<link rel="icon" href="/__sandbox/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/__sandbox/page.css">
<script src="/__sandbox/page.js" defer></script>
</head>
<body>
<noscript>This page needs JavaScript. 此页面需要启用 JavaScript。</noscript>
</body>
</html>
`;
}

/** Whether Chinese comes before English in an Accept-Language header. */
function prefersChinese(header: string): boolean {
  const weights = header.split(',').map((part) => {
    const [range = '', ...parameters] = part.trim().toLowerCase().split(';');
    const [, q = '1'] = /^\s*q=([\d.]+)/.exec(parameters.join(';')) ?? [];
    return { language: range.split('-')[0], weight: Number(q) };
  });
  const weightOf = (wanted: string) =>
    Math.max(0, ...weights.map(({ language, weight }) => (language === wanted ? weight : 0)));
  const [chinese, english] = [weightOf('zh'), weightOf('en')];
  if (chinese !== english) return chinese > english;
  return chinese > 0 && header.toLowerCase().indexOf('zh') < header.toLowerCase().indexOf('en');
}
