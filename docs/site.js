// An option or a name does not break at its hyphens.
document$.subscribe(({ body }) => {
  for (const code of body.querySelectorAll(":not(pre) > code")) {
    code.classList.toggle("short", code.textContent.length <= 32);
  }
});
// The formulas of a page, once KaTeX is there.
document$.subscribe(({ body }) => {
  if (!window.renderMathInElement) return;
  renderMathInElement(body, {
    delimiters: [
      { left: "\\(", right: "\\)", display: false },
      { left: "\\[", right: "\\]", display: true },
    ],
    throwOnError: false,
  });
});
