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
