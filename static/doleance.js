/* Doléance: what the page does better with a script. Every page works without it; nothing is kept in the browser.
   Elements ask for a behaviour with a data attribute; each behaviour below names its own. */
"use strict";

(() => {
  const all = (selector, root = document) => Array.from(root.querySelectorAll(selector));
  const later = (wait, act) => {
    let timer;
    return (...args) => {
      clearTimeout(timer);
      timer = setTimeout(() => act(...args), wait);
    };
  };

  /* input[list][data-url]: fills its datalist from `url?q=…` (a JSON list of strings or of {value, label}). */
  const suggest = (input) => {
    const list = document.getElementById(input.getAttribute("list"));
    if (!list) return;
    let running;
    const ask = later(180, async () => {
      const typed = input.value.trim();
      if (typed.length < 2) return;
      running?.abort();
      running = new AbortController();
      const url = new URL(input.dataset.url, location.href);
      url.searchParams.set("q", typed);
      try {
        const answer = await fetch(url, { signal: running.signal, headers: { Accept: "application/json" } });
        if (!answer.ok) return;
        const body = await answer.json();
        const rows = Array.isArray(body) ? body : body.items ?? [];
        list.replaceChildren(
          ...rows.slice(0, 12).map((row) => {
            const option = document.createElement("option");
            option.value = typeof row === "string" ? row : row.value;
            if (row.label) option.label = row.label;
            return option;
          }),
        );
      } catch {
        /* No suggestions is what the page offers without a script. */
      }
    });
    input.addEventListener("input", ask);
  };

  /* textarea[data-count=ID][data-max][data-count-text="%n / %max"]: says how much was written, once it matters. */
  const count = (area) => {
    const place = document.getElementById(area.dataset.count);
    if (!place) return;
    const max = Number(area.dataset.max);
    const show = () => {
      const written = area.value.length;
      const near = written > max * 0.8;
      place.textContent = near ? area.dataset.countText.replace("%n", written).replace("%max", max) : "";
      place.classList.toggle("error", written > max);
    };
    area.addEventListener("input", show);
    show();
  };

  /* [data-key="r"]: a key of the desk. Links and buttons are clicked, boxes toggled, fields focused. j and k walk rows. */
  const typing = (target) => target.closest?.("textarea, select, [contenteditable], input:not([type=checkbox], [type=radio])");
  const walk = (step) => {
    const rows = all(".case-link");
    if (!rows.length) return false;
    const at = rows.indexOf(document.activeElement);
    rows[Math.min(rows.length - 1, Math.max(0, at + step))].focus();
    return true;
  };
  /* In a letter that stands ready, writing begins in the gap between its opening and its signature. */
  const write = (field) => {
    field.focus();
    const gap = field.tagName === "TEXTAREA" ? field.value.indexOf("\n\n\n") : -1;
    if (gap >= 0) field.setSelectionRange(gap + 2, gap + 2);
  };
  const onKey = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented) return;
    if (event.key === "Escape" && typing(event.target)) return void event.target.blur();
    if (typing(event.target)) return;
    const key = event.key.toLowerCase();
    const row = document.activeElement?.closest(".case-row");
    const places = [...(row ? all("[data-key]", row) : []), ...all("[data-key]")];
    const at = (name) => places.find((each) => each.dataset.key === name && each.getClientRects().length);
    /* On a French keyboard the digits stand behind Shift: the key itself counts where its sign means nothing. */
    const wanted = at(key) ?? at(event.code.match(/^Digit(\d)$/)?.[1]);
    if (wanted) {
      event.preventDefault();
      if (wanted.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=submit])")) wanted.focus();
      else if (wanted.matches("details:has(textarea) > summary")) {
        wanted.parentElement.open = true;
        write(wanted.parentElement.querySelector("textarea, select, input:not([type=hidden])"));
      } else wanted.click();
    } else if ((key === "j" && walk(1)) || (key === "k" && walk(-1))) {
      event.preventDefault();
    }
  };

  /* form[data-autosave-url]: sends the form as it stands two seconds after the last stroke, and on leaving.
     [data-autosave-status][data-saved][data-unsaved] inside it says what happened. */
  const autosave = (form) => {
    const place = form.querySelector("[data-autosave-status]");
    const say = (name) => {
      if (place) place.textContent = place.dataset[name] ?? "";
    };
    let dirty = false;
    const body = () => {
      const data = new FormData(form);
      all("input[type=file]", form).forEach((input) => data.delete(input.name));
      return data;
    };
    const save = async () => {
      if (!dirty || form.dataset.sent) return;
      dirty = false;
      try {
        const answer = await fetch(form.dataset.autosaveUrl, { method: "POST", body: body(), credentials: "same-origin" });
        say(answer.ok ? "saved" : "unsaved");
        dirty = dirty || !answer.ok;
      } catch {
        dirty = true;
        say("unsaved");
      }
    };
    const soon = later(2000, save);
    form.addEventListener("input", () => {
      dirty = true;
      soon();
    });
    addEventListener("pagehide", () => {
      if (dirty && !form.dataset.sent) navigator.sendBeacon?.(form.dataset.autosaveUrl, body());
    });
  };

  /* button[data-confirm="Really send?"]: the first click asks, the second does. */
  const confirmTwice = (button) => {
    const label = button.innerHTML;
    const calm = () => {
      delete button.dataset.armed;
      button.innerHTML = label;
    };
    button.addEventListener("click", (event) => {
      if (button.dataset.armed) return;
      event.preventDefault();
      button.dataset.armed = "yes";
      button.textContent = button.dataset.confirm;
      button.setAttribute("aria-live", "polite");
      setTimeout(calm, 6000);
    });
    button.addEventListener("blur", calm);
  };

  /* Every POST form is sent once; the page coming back from the cache may be sent again. */
  const once = (event) => {
    const form = event.target;
    if (form.getAttribute("method")?.toLowerCase() !== "post" || event.defaultPrevented) return;
    if (form.dataset.sent) return void event.preventDefault();
    form.dataset.sent = "yes";
    all("button:not([type=button])", form).forEach((button) => button.setAttribute("aria-disabled", "true"));
  };
  const again = () => {
    all("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      all("[aria-disabled]", form).forEach((button) => button.removeAttribute("aria-disabled"));
    });
  };

  /* [data-when="field=value,other"]: shown only while that field of its form has one of the values. */
  const showWhen = (part) => {
    const [name, values] = part.dataset.when.split("=");
    const wanted = values.split(",");
    const form = part.closest("form");
    const show = () => {
      const chosen = new FormData(form).getAll(name);
      part.hidden = !chosen.some((value) => wanted.includes(value));
    };
    form.addEventListener("change", show);
    show();
  };

  /* details: the one an address points to is open; `data-wide` ones are open on wide screens; print shows all. */
  const openTarget = () => {
    if (location.hash.length < 2) return;
    let part = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (; part; part = part.parentElement) if (part.tagName === "DETAILS") part.open = true;
  };
  const printing = (on) =>
    all("details").forEach((part) => {
      if (on && !part.open) {
        part.dataset.shut = "yes";
        part.open = true;
      } else if (!on && part.dataset.shut) {
        delete part.dataset.shut;
        part.open = false;
      }
    });

  /* button[data-print], button[data-copy=ID][data-done]: hidden until there is a script to serve them. */
  const copy = (button) => {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const from = document.getElementById(button.dataset.copy);
      const text = from.value ?? from.innerText;
      try {
        await navigator.clipboard.writeText(text.trim());
        button.textContent = button.dataset.done;
      } catch {
        from.select?.();
      }
    });
  };

  all("input[list][data-url]").forEach(suggest);
  all("textarea[data-count]").forEach(count);
  all("form[data-autosave-url]").forEach(autosave);
  all("[data-confirm]").forEach(confirmTwice);
  all("[data-when]").forEach(showWhen);
  all("[data-copy]").forEach(copy);
  all("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => print());
  });
  const wide = matchMedia("(min-width: 62rem)");
  all("details[data-wide]").forEach((part) => {
    part.open = part.open || wide.matches;
  });
  document.querySelector("[data-focus]")?.focus();
  document.addEventListener("keydown", onKey);
  document.addEventListener("submit", once);
  addEventListener("pageshow", again);
  addEventListener("hashchange", openTarget);
  addEventListener("beforeprint", () => printing(true));
  addEventListener("afterprint", () => printing(false));
  openTarget();
})();
