/* Names that the admin's own widgets leave out, for screen readers. */
"use strict";

(function () {
  var search = document.getElementById("searchbar");
  if (search) search.setAttribute("aria-label", "搜索");

  function nameBoxes() {
    document.querySelectorAll("select.admin-autocomplete").forEach(function (select) {
      var label = document.querySelector('label[for="' + select.id + '"]');
      var box = select.parentElement.querySelector(".select2-selection");
      if (!label || !box) return;
      var name = label.textContent.replace(/[:：]\s*$/, "").trim();
      box.setAttribute("aria-label", name);
      var shown = box.querySelector(".select2-selection__rendered");
      if (shown) shown.setAttribute("aria-label", name);
    });
  }

  // In jQuery's own queue, behind the script that makes the boxes: on a slow machine that queue
  // runs only after the load event.
  if (window.django && window.django.jQuery) window.django.jQuery(nameBoxes);
})();
