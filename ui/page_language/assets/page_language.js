// The server names the language when a page is loaded; this follows a change on the open page.

export default function pageLanguage({ data }) {
  if (data) document.documentElement.lang = data.language;
}
