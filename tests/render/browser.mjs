// Chromium, and pages in it.

import { chromium } from "playwright-core";

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const args = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export const start = () => chromium.launch({ executablePath, args });

// A page with nothing to reach: no network, and no script of it runs. What it asks for, other than files, is refused.
export async function openPage(browser, colorScheme) {
  const context = await browser.newContext({
    colorScheme,
    javaScriptEnabled: false,
    offline: true,
    viewport: { width: 1280, height: 900 },
  });
  const page = await context.newPage();
  const refused = [];
  await page.route("**/*", (route) => {
    const { protocol } = new URL(route.request().url());
    if (["file:", "data:"].includes(protocol)) {
      return route.continue();
    }
    refused.push(route.request().url());
    return route.abort();
  });
  return { context, page, refused };
}
