// Shows the words that a check is about: selects them in the text field they stand in.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-show]");
  if (!button) return;
  const words = button.dataset.show.toLowerCase();
  for (const field of document.querySelectorAll("#writing textarea, #writing input[type=text]")) {
    const at = field.value.toLowerCase().indexOf(words);
    if (at >= 0) {
      field.focus();
      field.setSelectionRange(at, at + words.length);
      return;
    }
  }
});

// The unfolded part of the menu goes away with Escape, or when somebody goes on elsewhere.
const more = document.querySelector("details.more");
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && more?.open) {
    more.open = false;
    more.querySelector("summary").focus();
  }
});
document.addEventListener("click", (event) => {
  if (more?.open && !more.contains(event.target)) more.open = false;
});
