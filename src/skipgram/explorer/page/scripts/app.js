"use strict";
(function () {
  const about = JSON.parse(document.getElementById("about").textContent);
  const place = document.getElementById("words");
  for (const set of about.sets) {
    const line = document.createElement("p");
    line.textContent = set.name + ": " + set.length + " words";
    place.append(line);
  }
})();
