/* Small helps on top of pages that work without any of them. */
"use strict";

(function () {
  /* A double click must not send twice: the server saves once anyway, this spares the wait. */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent === "yes") {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    form.classList.add("is-sending");
    rememberKey(form);
    window.setTimeout(wake, 10000, form); /* a slow network may have lost it: let people try again */
  });

  /* Back to a form that was sent: where the browser asks the server for the page again, it comes with a
     new key. The history entry remembers the one that was sent, so that it leads to the first result. */
  function rememberKey(form) {
    var key = form.querySelector("[name=submission_key]");
    if (!key) return;
    var sent = { action: form.getAttribute("action"), key: key.value };
    window.history.replaceState(Object.assign({}, window.history.state, { sent: sent }), "");
  }
  (function () {
    var entry = window.performance.getEntriesByType("navigation")[0];
    var sent = window.history.state && window.history.state.sent;
    if (!sent || !entry || entry.type !== "back_forward") return;
    document.querySelectorAll("form [name=submission_key]").forEach(function (key) {
      if (key.form.getAttribute("action") === sent.action) key.value = sent.key;
    });
  })();

  /* A page that comes back from the browser's memory can be sent again; its key leads to the first result. */
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(wake);
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    if (event.target.matches && event.target.matches("form[data-sent]")) wake(event.target);
  });
  function wake(form) {
    delete form.dataset.sent;
    form.classList.remove("is-sending");
  }

  /* Pop-up menus are <details>: close on Escape, on a click elsewhere, and when another opens. */
  function closePops(except) {
    document.querySelectorAll("details[data-pop][open]").forEach(function (pop) {
      if (pop !== except) pop.open = false;
    });
  }
  document.addEventListener("click", function (event) {
    closePops(event.target.closest("details[data-pop]"));
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") {
      var open = document.querySelector("details[data-pop][open]");
      closePops(null);
      if (open) open.querySelector("summary").focus();
    }
  });

  /* "/" goes to the page's search field. */
  document.addEventListener("keydown", function (event) {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    var search = document.querySelector("input[type=search]");
    if (search) {
      event.preventDefault();
      search.focus();
      search.select();
    }
  });

  /* Filters apply on change; without this script their button does it. */
  document.addEventListener("change", function (event) {
    var form = event.target.form;
    var searched = event.target.type === "search" && form && form.hasAttribute("hx-get");
    if (form && form.hasAttribute("data-auto") && !searched) { /* htmx has searched while typing */
      if (form.requestSubmit) form.requestSubmit();
      else form.submit();
    }
  });

  /* A part of a form that belongs to one choice shows with that choice: data-when="outcome=listed".
     Without this script it always shows; the server takes it only with its choice. */
  function showParts(form) {
    form.querySelectorAll("[data-when]").forEach(function (part) {
      var pair = part.dataset.when.split("=");
      var chosen = form.querySelector("[name=" + pair[0] + "]:checked");
      part.hidden = !chosen || chosen.value !== pair[1];
    });
  }
  document.querySelectorAll("form").forEach(showParts);

  /* One tick for all: data-check-all="name" ticks every box of that name in its form. */
  document.querySelectorAll("[data-check-all]").forEach(function (box) {
    box.hidden = false;
  });
  document.addEventListener("change", function (event) {
    var box = event.target;
    if (!box.form) return;
    showParts(box.form);
    if (!box.dataset.checkAll) return;
    box.form.querySelectorAll("[name=" + box.dataset.checkAll + "]").forEach(function (each) {
      each.checked = box.checked;
    });
  });

  /* The whole row opens its page; the link in it stays the way for keyboard and screen reader. */
  document.addEventListener("click", function (event) {
    var row = event.target.closest("tr[data-href]");
    if (!row || event.target.closest("a, button, input, label, select, summary")) return;
    if (String(window.getSelection())) return;
    window.location.href = row.dataset.href;
  });

  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-print]")) window.print();
  });

  function tell(text) {
    var box = document.getElementById("messages");
    if (!box) return;
    var line = document.createElement("div");
    line.className = "notice is-error";
    line.setAttribute("role", "alert");
    line.textContent = text;
    box.replaceChildren(line);
    box.scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("htmx:sendError", function () {
    tell("没有连上服务器，内容还在页面上。请检查网络后再试一次。");
  });
  document.addEventListener("htmx:responseError", function () {
    tell("系统出错了，刚才的改动没有保存，内容还在页面上。请稍后再试一次。");
  });
  document.addEventListener("htmx:afterSwap", function (event) {
    if (event.target.id === "messages") event.target.scrollIntoView({ block: "nearest" });
  });

  /* A table that is wider than the screen scrolls in its box: let the keyboard reach it. */
  function openTables() {
    document.querySelectorAll(".table-wrap").forEach(function (box) {
      if (box.querySelector(".strip")) box.scrollLeft = box.scrollWidth; /* years: the latest first */
      if (box.scrollWidth > box.clientWidth) {
        box.tabIndex = 0;
        box.setAttribute("role", "region");
        box.setAttribute("aria-label", "表格，可左右滑动");
      } else if (box.tabIndex === 0) {
        box.removeAttribute("tabindex");
        box.removeAttribute("role");
        box.removeAttribute("aria-label");
      }
    });
  }
  openTables();
  window.addEventListener("resize", openTables);
  document.addEventListener("htmx:afterSettle", openTables);

  var errors = document.getElementById("form-errors");
  if (errors) errors.focus();
})();
