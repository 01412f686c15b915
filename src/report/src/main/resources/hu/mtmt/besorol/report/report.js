"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);

  // What the arrays of the data mean: see ReportData.
  const grades = data.grades.map(([name, fill, ink, text, hatching, symbol, meaning]) => ({
    name, fill, ink, text, hatching, symbol, meaning, shown: true,
  }));
  const subjects = data.subjects.map(([id, parent, grade, documents, learnt, answered, right, ...labels], number) => ({
    number, id, parent, grade, documents, learnt, answered, right,
    labels: labels.map((label) => (typeof label === "number" ? labels[label] : label)),
    precision: share(right, answered),
    recall: share(right, documents),
    f1: share(2 * right, documents + answered),
    children: [], level: 1, bubble: null, ring: null,
  }));
  for (const s of subjects) {
    if (s.parent >= 0) subjects[s.parent].children.push(s);
  }
  for (const s of subjects) {
    for (let p = s; p.parent >= 0; p = subjects[p.parent]) s.level++;
  }
  const bubbles = data.bubbles.map(([number, group, x, y, r]) => {
    const bubble = { subject: subjects[number], group: group === 1, x, y, r, parent: null };
    bubble.subject[bubble.group ? "ring" : "bubble"] = bubble;
    return bubble;
  });
  for (const b of bubbles) {
    const around = b.group || !b.subject.ring ? subjects[b.subject.parent] : b.subject;
    b.parent = around ? around.ring : null;
  }
  const byName = new Map(subjects.map((s) => [s.id, s]));

  function share(part, whole) {
    return whole === 0 ? 0 : part / whole;
  }

  // ---- Languages ----------------------------------------------------------------------------

  let language = 0;
  const label = (s) => s.labels[language];
  const pathOf = (s) => {
    const path = [];
    for (let p = s; p; p = subjects[p.parent]) path.unshift(p);
    return path;
  };

  /** Text as it is searched: without case and accents. */
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  for (const s of subjects) s.searched = plain([s.id, ...s.labels].join("\n"));

  function element(name, attributes = {}, ...content) {
    const e = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) e.setAttribute(key, value);
    e.append(...content);
    return e;
  }

  function badge(grade) {
    return element("span", { class: "badge " + grade.name, role: "img", "aria-label": grade.name }, grade.symbol);
  }

  const picture = drawPicture();
  const table = subjectTable();
  relabel();
  for (const t of document.querySelectorAll("table.sortable")) sortable(t);

  const languageSwitch = byId("language");
  if (languageSwitch) {
    languageSwitch.addEventListener("change", () => {
      language = data.languages.indexOf(languageSwitch.value);
      relabel();
      picture.relabel();
      table.relabel();
    });
  }

  /** Labels that stand in the page outside of picture and table. */
  function relabel() {
    for (const link of document.querySelectorAll("a.subject[data-subject]")) {
      const s = byName.get(link.dataset.subject);
      if (s) {
        link.textContent = label(s);
        link.title = pathOf(s).map(label).join(" › ");
      }
    }
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a.subject[data-subject]");
    const s = link && byName.get(link.dataset.subject);
    if (s) picture.show(s);
  });

  // ---- Light and dark -----------------------------------------------------------------------

  const theme = byId("theme");
  const systemDark = matchMedia("(prefers-color-scheme: dark)");
  function setTheme(dark) {
    document.documentElement.dataset.theme = dark ? "dark" : "light";
    theme.setAttribute("aria-pressed", dark);
    picture.repaint();
  }
  theme.addEventListener("click", () => setTheme(document.documentElement.dataset.theme !== "dark"));
  systemDark.addEventListener("change", () => setTheme(systemDark.matches));
  setTheme(systemDark.matches);

  // ---- Tables -------------------------------------------------------------------------------

  function sortButtons(head, sort) {
    [...head.cells].forEach((cell, column) => {
      const button = element("button", { type: "button" }, ...cell.childNodes);
      cell.replaceChildren(button);
      button.addEventListener("click", () => {
        // Numbers begin with the largest, text with the first.
        const first = cell.classList.contains("number") ? "descending" : "ascending";
        const other = first === "descending" ? "ascending" : "descending";
        const direction = cell.getAttribute("aria-sort") === first ? other : first;
        for (const c of head.cells) c.removeAttribute("aria-sort");
        cell.setAttribute("aria-sort", direction);
        sort(column, direction === "ascending" ? 1 : -1);
      });
    });
  }

  function compare(a, b) {
    return typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b));
  }

  function sortable(t) {
    const value = (row, column) => {
      const text = row.cells[column].textContent;
      const number = parseFloat(text);
      return row.cells[column].classList.contains("number") ? (Number.isNaN(number) ? -1 : number) : text;
    };
    sortButtons(t.tHead.rows[0], (column, sign) => {
      const body = t.tBodies[0];
      const rows = [...body.rows].sort((a, b) => sign * compare(value(a, column), value(b, column)));
      body.append(...rows);
    });
  }

  function subjectTable() {
    const step = 100;
    const t = byId("subject-table");
    const columns = [
      ["Grade", (s) => s.grade],
      ["Subject", label],
      ["Branch", (s) => label(pathOf(s)[0])],
      ["Level", (s) => s.level, 1],
      ["Documents", (s) => s.documents, 1],
      ["Learnt", (s) => s.learnt, 1],
      ["Answered", (s) => s.answered, 1],
      ["Right", (s) => s.right, 1],
      ["Precision", (s) => s.precision, 1],
      ["Recall", (s) => s.recall, 1],
      ["F1", (s) => s.f1, 1],
    ];
    const head = element("tr");
    for (const [name, , number] of columns) {
      head.append(element("th", { scope: "col", class: number ? "number" : "" }, name));
    }
    const body = element("tbody");
    t.append(element("thead", {}, head), body);
    let sorted = null;
    let count = step;
    sortButtons(head, (column, sign) => {
      sorted = [column, sign];
      count = step;
      fill();
    });

    const filter = byId("filter");
    const gradeFilter = byId("filter-grade");
    const branchFilter = byId("filter-branch");
    const levelFilter = byId("filter-level");
    const option = (select, text, value) => select.append(element("option", { value }, text));
    option(gradeFilter, "all", "");
    grades.forEach((g, i) => option(gradeFilter, g.name, i));
    const levels = [...new Set(subjects.map((s) => s.level))].sort((a, b) => a - b);
    option(levelFilter, "all", "");
    for (const level of levels) option(levelFilter, level, level);
    for (const control of [filter, gradeFilter, branchFilter, levelFilter]) {
      control.addEventListener("input", () => {
        count = step;
        fill();
      });
    }
    const more = byId("more");
    more.addEventListener("click", () => {
      count += step;
      fill();
    });

    function branches() {
      const chosen = branchFilter.value;
      branchFilter.replaceChildren();
      option(branchFilter, "all", "");
      for (const s of subjects) if (s.parent < 0) option(branchFilter, label(s), s.number);
      branchFilter.value = chosen;
    }

    function fill() {
      const wanted = plain(filter.value.trim());
      const shown = subjects.filter(
        (s) =>
          s.searched.includes(wanted) &&
          (gradeFilter.value === "" || s.grade === Number(gradeFilter.value)) &&
          (levelFilter.value === "" || s.level === Number(levelFilter.value)) &&
          (branchFilter.value === "" || pathOf(s)[0].number === Number(branchFilter.value)));
      if (sorted) {
        const [column, sign] = sorted;
        const value = columns[column][1];
        const keyed = shown.map((s) => [value(s), s]);
        keyed.sort((a, b) => sign * compare(a[0], b[0]) || a[1].number - b[1].number);
        shown.splice(0, shown.length, ...keyed.map(([, s]) => s));
      }
      body.replaceChildren(...shown.slice(0, count).map(row));
      byId("shown").textContent =
        shown.length > count
          ? `${count} of ${shown.length} subjects`
          : `${shown.length} subject${shown.length === 1 ? "" : "s"}`;
      more.hidden = shown.length <= count;
    }

    function row(s) {
      const number = (value) => element("td", { class: "number" }, value);
      const grade = grades[s.grade];
      return element("tr", {},
        element("td", {}, badge(grade)),
        element("th", { scope: "row" },
          element("a", { class: "subject", href: "#picture", "data-subject": s.id, title: s.id }, label(s))),
        element("td", {}, s.parent < 0 ? "" : label(pathOf(s)[0])),
        number(s.level), number(s.documents), number(s.learnt < 0 ? "?" : s.learnt),
        number(s.answered), number(s.right),
        number(s.precision.toFixed(3)), number(s.recall.toFixed(3)), number(s.f1.toFixed(3)));
    }

    branches();
    fill();
    return {
      relabel() {
        branches();
        fill();
      },
    };
  }

  // ---- The picture --------------------------------------------------------------------------

  function drawPicture() {
    const [across, down] = data.size;
    const canvas = byId("bubbles");
    const paint = canvas.getContext("2d");
    const calm = matchMedia("(prefers-reduced-motion: reduce)");
    let width = 1;
    let height = 1;
    let colours = {};
    let patterns = [];
    /** The point in the middle and how many pixels a unit has. */
    let view = { x: across / 2, y: down / 2, k: 1 };
    let wholeView = true;
    let motion = null;
    let hovered = null;
    let chosen = null;
    let found = null;
    let due = false;

    function repaint() {
      if (!due) {
        due = true;
        requestAnimationFrame((now) => {
          due = false;
          move(now);
          draw();
        });
      }
    }

    function fit(b, room) {
      const k = Math.min(width, height) / (2 * b.r * room);
      return { x: b.x, y: b.y, k };
    }
    const whole = () => ({
      x: across / 2,
      y: down / 2,
      k: Math.min(width / (across + 1), (height - 16) / (down + 1)) / 1.04,
    });
    const bounded = (k) => Math.min(Math.max(k, whole().k * 0.8), whole().k * 2000);

    /** Goes to another view, evenly in size and not in scale. */
    function go(to) {
      const target = { ...to, k: bounded(to.k) };
      if (calm.matches) {
        view = target;
      } else {
        motion = { from: { ...view }, to: target, start: performance.now() };
      }
      repaint();
    }

    function move(now) {
      if (!motion) return;
      const time = Math.min((now - motion.start) / 450, 1);
      const t = time < 0 ? 0 : time * time * (3 - 2 * time);
      const { from, to } = motion;
      const k = from.k * Math.pow(to.k / from.k, t);
      // The middle moves as the width of the view does, so that the target never leaves it.
      const done = Math.abs(to.k / from.k - 1) < 1e-3 ? t : (1 / from.k - 1 / k) / (1 / from.k - 1 / to.k);
      view = { x: from.x + (to.x - from.x) * done, y: from.y + (to.y - from.y) * done, k };
      if (time < 1) repaint();
      else motion = null;
    }

    function showWhole() {
      wholeView = true;
      choose(null);
      go(whole());
    }

    function zoom(factor, x = width / 2, y = height / 2) {
      motion = null;
      wholeView = false;
      const k = bounded(view.k * factor);
      view.x += (x - width / 2) * (1 / view.k - 1 / k);
      view.y += (y - height / 2) * (1 / view.k - 1 / k);
      view.k = k;
      repaint();
    }

    // -- drawing

    function resize() {
      const box = canvas.getBoundingClientRect();
      const ratio = window.devicePixelRatio || 1;
      width = Math.max(box.width, 1);
      height = Math.max(box.height, 1);
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      paint.setTransform(ratio, 0, 0, ratio, 0, 0);
      if (wholeView) {
        motion = null;
        view = whole();
      }
      repaint();
    }

    function readColours() {
      const style = getComputedStyle(document.documentElement);
      for (const name of ["paper", "group", "ring", "text", "halo", "accent"]) {
        colours[name] = style.getPropertyValue("--" + name).trim();
      }
      patterns = grades.map(pattern);
    }

    /** The colour of a grade with its hatching. */
    function pattern(grade) {
      const size = 8;
      const tile = document.createElement("canvas");
      tile.width = tile.height = size * 2;
      const p = tile.getContext("2d");
      p.scale(2, 2);
      p.fillStyle = grade.fill;
      p.fillRect(0, 0, size, size);
      p.strokeStyle = p.fillStyle = grade.ink;
      p.globalAlpha = 0.55;
      p.beginPath();
      if (grade.hatching === "stripes" || grade.hatching === "crosses") {
        for (const d of [-size, 0, size]) {
          p.moveTo(d - 1, size + 1);
          p.lineTo(d + size + 1, -1);
        }
      }
      if (grade.hatching === "crosses") {
        for (const d of [-size, 0, size]) {
          p.moveTo(d - 1, -1);
          p.lineTo(d + size + 1, size + 1);
        }
      }
      p.stroke();
      if (grade.hatching === "dots") {
        p.beginPath();
        p.arc(size / 2, size / 2, 1, 0, 7);
        p.fill();
      }
      const made = paint.createPattern(tile, "repeat");
      made.setTransform(new DOMMatrix().scale(0.5));
      return made;
    }

    const dimmed = (b) =>
      !grades[b.subject.grade].shown || (found !== null && !found.has(b.subject));

    function draw() {
      canvas.dataset.view = [view.x, view.y, view.k].map((v) => v.toFixed(4)).join(" ");
      paint.clearRect(0, 0, width, height);
      const left = view.x - width / 2 / view.k;
      const top = view.y - height / 2 / view.k;
      const arcs = [];
      let drawn = 0;
      for (const b of bubbles) {
        b.sx = (b.x - left) * view.k;
        b.sy = (b.y - top) * view.k;
        b.sr = b.r * view.k;
        b.seen = b.sx + b.sr > 0 && b.sy + b.sr > 0 && b.sx - b.sr < width && b.sy - b.sr < height;
        if (!b.seen) continue;
        drawn++;
        if (b.group) {
          circle(b, b.sr);
          paint.fillStyle = colours.group;
          paint.fill();
          paint.lineWidth = 1;
          paint.strokeStyle = colours.ring;
          if (b.sr > 2) paint.stroke();
          if (b.sr > 34 && b.sr < 1.1 * Math.max(width, height)) arcs.push(b);
        } else {
          subject(b);
        }
      }
      for (const b of [hovered, chosen]) {
        if (b && b.seen) {
          circle(b, b.sr + 2);
          paint.lineWidth = b === chosen ? 3.5 : 2;
          paint.strokeStyle = colours.accent;
          paint.stroke();
        }
      }
      for (const b of arcs) along(b);
      canvas.dataset.drawn = drawn;
    }

    function circle(b, r) {
      paint.beginPath();
      paint.arc(b.sx, b.sy, Math.max(r, 0.5), 0, 2 * Math.PI);
    }

    function subject(b) {
      const grade = grades[b.subject.grade];
      paint.globalAlpha = dimmed(b) ? 0.12 : 1;
      circle(b, b.sr);
      if (b.sr < 4) {
        paint.fillStyle = grade.fill;
        paint.fill();
      } else {
        // The hatching stays with the bubble while the view moves.
        const scale = 0.5 * Math.min(Math.max(b.sr / 30, 0.6), 1.2);
        patterns[b.subject.grade].setTransform(new DOMMatrix([scale, 0, 0, scale, b.sx, b.sy]));
        paint.fillStyle = patterns[b.subject.grade];
        paint.fill();
      }
      if (b.sr > 1.5) {
        paint.lineWidth = Math.min(2, b.sr * 0.12);
        paint.strokeStyle = grade.ink;
        if (grade.name === "blue" && b.sr > 14) paint.setLineDash([4, 3]);
        paint.stroke();
        paint.setLineDash([]);
      }
      if (b.sr > 12 && !dimmed(b)) within(b, grade);
      paint.globalAlpha = 1;
    }

    const font = '"Source Sans 3", "Noto Sans", "DejaVu Sans", system-ui, sans-serif';
    const fitted = new Map();

    /** Lines that allow the largest font in a circle of radius 1, and that size. */
    function fitText(text) {
      let best = fitted.get(text);
      if (best) return best;
      paint.font = "100px " + font;
      const wide = (t) => paint.measureText(t).width / 100;
      const words = text.trim().split(/\s+/);
      for (let n = 1; n <= 5; n++) {
        const wanted = wide(text) / n;
        const lines = [];
        let line = "";
        for (const word of words) {
          if (line && wide(line) + wide(word) / 2 > wanted && lines.length < n - 1) {
            lines.push(line);
            line = word;
          } else {
            line = line ? line + " " + word : word;
          }
        }
        lines.push(line);
        let reach = 0;
        lines.forEach((l, i) => {
          reach = Math.max(reach, Math.hypot(wide(l) / 2, Math.abs(i - (lines.length - 1) / 2) * 1.15 + 0.5));
        });
        const size = 0.92 / reach;
        if (!best || size > best.size) best = { lines, size };
      }
      fitted.set(text, best);
      return best;
    }

    function within(b, grade) {
      const { lines, size } = fitText(label(b.subject));
      const pixels = Math.min(size * b.sr, 26);
      if (pixels < 7) return;
      paint.font = `${pixels}px ${font}`;
      paint.textAlign = "center";
      paint.textBaseline = "middle";
      // Hatching would run through the letters.
      paint.lineJoin = "round";
      paint.lineWidth = pixels * 0.3;
      paint.strokeStyle = grade.fill;
      lines.forEach((line, i) => {
        const y = b.sy + (i - (lines.length - 1) / 2) * 1.15 * pixels;
        if (grade.hatching !== "none") paint.strokeText(line, b.sx, y);
        paint.fillStyle = grade.text;
        paint.fillText(line, b.sx, y);
      });
    }

    /** A group's label along the top of its circle. */
    function along(b) {
      const size = Math.min(Math.max(b.sr / 9, 10), 19);
      paint.font = `600 ${size}px ${font}`;
      const room = 2.3 * b.sr;
      let text = label(b.subject);
      if (paint.measureText(text).width > room) {
        if (b.sr < 90) return; // a piece of a label says less than none
        while (text && paint.measureText(text + "…").width > room) text = text.slice(0, -1);
        if (text.length < 4) return;
        text = text.trimEnd() + "…";
      }
      const r = b.sr - size * 0.3;
      const letters = [...text];
      let start = -paint.measureText(text).width / 2;
      const places = letters.map((letter) => {
        const wide = paint.measureText(letter).width;
        const angle = (start + wide / 2) / r;
        start += wide;
        return [letter, angle];
      });
      paint.textAlign = "center";
      paint.textBaseline = "alphabetic";
      paint.lineJoin = "round";
      paint.lineWidth = size * 0.3;
      paint.strokeStyle = colours.halo;
      paint.fillStyle = colours.text;
      for (const pass of ["strokeText", "fillText"]) {
        for (const [letter, angle] of places) {
          paint.save();
          paint.translate(b.sx + r * Math.sin(angle), b.sy - r * Math.cos(angle));
          paint.rotate(angle);
          paint[pass](letter, 0, 0);
          paint.restore();
        }
      }
    }

    // -- choosing

    function at(x, y) {
      for (let i = bubbles.length - 1; i >= 0; i--) {
        const b = bubbles[i];
        if (b.seen && Math.hypot(b.sx - x, b.sy - y) <= Math.max(b.sr, 2)) return b;
      }
      return null;
    }

    function choose(b) {
      chosen = b;
      const path = byId("path");
      const to = (text, action) => {
        const button = element("button", { type: "button" }, text);
        button.addEventListener("click", action);
        path.append(element("li", {}, button));
      };
      path.replaceChildren();
      to("All subjects", showWhole);
      if (b) {
        for (const s of pathOf(b.subject)) to(label(s), () => show(s));
        byId("status").textContent = describe(b);
      } else {
        byId("status").textContent = "The whole picture.";
      }
      details(b);
      repaint();
    }

    function describe(b) {
      const s = b.subject;
      return b.group
        ? `${label(s)}: ${s.children.length} narrower subjects`
        : `${label(s)}: ${grades[s.grade].name}, F1 ${s.f1.toFixed(3)}, ${s.documents} documents`;
    }

    function visit(b) {
      wholeView = false;
      choose(b);
      go(fit(b, b.group ? 1.06 : 3));
    }

    const show = (s) => visit(s.ring || s.bubble);

    /** All subjects from this one down. */
    function below(s) {
      const all = [s];
      for (let i = 0; i < all.length; i++) all.push(...all[i].children);
      return all;
    }

    function details(b) {
      const panel = byId("details");
      const lines = element("dl");
      const line = (name, value) => lines.append(element("dt", {}, name), element("dd", {}, value));
      if (!b) {
        panel.replaceChildren(
          element("h3", {}, "All subjects"),
          ...gradeCounts(subjects),
          element("p", { class: "id" }, "Point at a bubble or choose one to see its figures."));
        return;
      }
      const s = b.subject;
      const title = element("h3", {}, label(s));
      const id = element("div", { class: "id" }, s.id);
      const up = pathOf(s).slice(0, -1).map(label).join(" › ");
      const where = element("div", { class: "id" }, up ? "in " + up : "");
      if (b.group) {
        const all = below(s);
        const sum = (key) => all.reduce((total, one) => total + one[key], 0);
        line("F1 of the whole branch", share(2 * sum("right"), sum("documents") + sum("answered")).toFixed(3));
        line("Documents", sum("documents"));
        panel.replaceChildren(title, id, where, lines, ...gradeCounts(all));
        return;
      }
      const grade = grades[s.grade];
      line("F1", s.f1.toFixed(3));
      line("Precision", s.precision.toFixed(3));
      line("Recall", s.recall.toFixed(3));
      line("Documents judged", s.documents);
      line("Documents learnt", s.learnt < 0 ? "not known" : s.learnt);
      line("Answered", s.answered);
      line("Right", s.right);
      panel.replaceChildren(title, id, where, element("p", {}, badge(grade), `${grade.name}: ${grade.meaning}`), lines);
    }

    function gradeCounts(all) {
      return grades.map((g, i) =>
        element("div", {}, badge(g), `${all.filter((s) => s.bubble && s.grade === i).length} ${g.name}`));
    }

    // -- pointer and keys

    const pointers = new Map();
    let dragged = false;
    let pinch = 0;
    const place = (event) => {
      const box = canvas.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      zoom(Math.exp(-event.deltaY * (event.deltaMode === 1 ? 0.05 : 0.0018)), ...place(event));
    }, { passive: false });
    canvas.addEventListener("pointerdown", (event) => {
      if (pointers.size === 0) dragged = false;
      canvas.setPointerCapture(event.pointerId);
      pointers.set(event.pointerId, place(event));
      pinch = 0;
    });
    canvas.addEventListener("pointermove", (event) => {
      const [x, y] = place(event);
      const before = pointers.get(event.pointerId);
      if (!before) {
        hover(at(x, y));
        return;
      }
      pointers.set(event.pointerId, [x, y]);
      if (pointers.size === 2) {
        const [[ax, ay], [bx, by]] = [...pointers.values()];
        const apart = Math.hypot(ax - bx, ay - by);
        if (pinch > 0) zoom(apart / pinch, (ax + bx) / 2, (ay + by) / 2);
        pinch = apart;
        dragged = true;
      } else if (dragged || Math.hypot(x - before[0], y - before[1]) > 3) {
        dragged = true;
        wholeView = false;
        motion = null;
        view.x -= (x - before[0]) / view.k;
        view.y -= (y - before[1]) / view.k;
        canvas.classList.add("moving");
        repaint();
      } else {
        pointers.set(event.pointerId, before);
      }
    });
    const lift = (event) => {
      pointers.delete(event.pointerId);
      canvas.classList.remove("moving");
    };
    canvas.addEventListener("pointercancel", lift);
    canvas.addEventListener("pointerleave", () => hover(null));
    canvas.addEventListener("pointerup", (event) => {
      const pressed = pointers.has(event.pointerId);
      lift(event);
      if (!pressed || dragged) return;
      const b = outermost(at(...place(event)));
      if (!b) {
        if (chosen && chosen.parent) visit(chosen.parent);
        else showWhole();
      } else if (b === chosen && b.group) {
        if (b.parent) visit(b.parent);
        else showWhole();
      } else {
        visit(b);
      }
    });

    /** Of a bubble and those around it the widest that does not fill the view yet: one step in at a time. */
    function outermost(b) {
      let widest = b;
      for (let p = b && b.parent; p && p.sr < 0.4 * Math.min(width, height); p = p.parent) widest = p;
      return widest;
    }

    function hover(b) {
      if (b === hovered) return;
      hovered = b;
      canvas.classList.toggle("over", b !== null);
      canvas.title = b ? label(b.subject) : "";
      details(b || chosen);
      repaint();
    }

    canvas.addEventListener("keydown", (event) => {
      const beside = bubbles.filter((b) => b.parent === (chosen ? chosen.parent : null));
      const step = (by) => {
        const i = beside.indexOf(chosen);
        visit(beside[(i + by + beside.length) % beside.length]);
      };
      const action = {
        ArrowRight: () => step(1),
        ArrowLeft: () => step(chosen ? -1 : 0),
        Enter: () => {
          const inside = bubbles.filter((b) => b.parent === chosen);
          if (inside.length > 0) visit(inside[0]);
        },
        Escape: () => (chosen && chosen.parent ? visit(chosen.parent) : showWhole()),
        "+": () => zoom(1.4),
        "=": () => zoom(1.4),
        "-": () => zoom(1 / 1.4),
        0: showWhole,
      };
      action.ArrowDown = action.Enter;
      action.ArrowUp = action.Escape;
      if (action[event.key] && !event.ctrlKey && !event.metaKey && !event.altKey && bubbles.length > 0) {
        event.preventDefault();
        action[event.key]();
      }
    });
    byId("in").addEventListener("click", () => zoom(1.5));
    byId("out").addEventListener("click", () => zoom(1 / 1.5));
    byId("whole").addEventListener("click", showWhole);

    // -- grades

    for (const grade of grades) {
      const button = element("button", { type: "button", "aria-pressed": "true", title: grade.meaning }, badge(grade), grade.name);
      button.addEventListener("click", () => {
        grade.shown = !grade.shown;
        button.setAttribute("aria-pressed", grade.shown);
        repaint();
      });
      byId("legend").append(button);
    }

    // -- search

    const search = byId("search");
    const matches = byId("matches");
    let listed = [];
    let active = 0;

    function look() {
      const wanted = plain(search.value.trim());
      const all = wanted ? subjects.filter((s) => s.searched.includes(wanted)) : [];
      found = wanted ? new Set(all) : null;
      // A label that begins with what is searched is likely meant.
      const rank = (s) => (plain(label(s)).startsWith(wanted) ? 0 : 1);
      listed = all.sort((a, b) => rank(a) - rank(b) || b.documents - a.documents).slice(0, 8);
      active = 0;
      list();
      if (wanted) byId("status").textContent = `${all.length} subjects match`;
      canvas.dataset.found = wanted ? all.length : "";
      repaint();
    }

    function list() {
      matches.replaceChildren(...listed.map((s, i) => {
        const li = element("li", { role: "option", id: "match-" + i, "aria-selected": i === active }, badge(grades[s.grade]), label(s));
        li.addEventListener("pointerdown", (event) => {
          event.preventDefault();
          take(s);
        });
        return li;
      }));
      matches.hidden = listed.length === 0;
      search.setAttribute("aria-expanded", listed.length > 0);
      if (listed.length > 0) search.setAttribute("aria-activedescendant", "match-" + active);
      else search.removeAttribute("aria-activedescendant");
    }

    function take(s) {
      listed = [];
      list();
      show(s);
    }

    search.addEventListener("input", look);
    search.addEventListener("blur", () => {
      listed = [];
      list();
    });
    search.addEventListener("keydown", (event) => {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        if (listed.length > 0) {
          active = (active + (event.key === "ArrowDown" ? 1 : listed.length - 1)) % listed.length;
          list();
        }
      } else if (event.key === "Enter" && listed.length > 0) {
        take(listed[active]);
      } else if (event.key === "Escape") {
        search.value = "";
        look();
      }
    });

    new ResizeObserver(resize).observe(canvas);
    readColours();
    choose(null);

    return {
      show,
      repaint() {
        readColours();
        repaint();
      },
      relabel() {
        choose(chosen);
        list();
      },
    };
  }
})();
