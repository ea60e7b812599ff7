import { createHash } from "node:crypto";

const STYLE = `
body { font: 16px system-ui, sans-serif; background: #f4f5f7; color: #1f2430; margin: 0; }
main { max-width: 22rem; margin: 12vh auto; padding: 2rem; background: #fff; border: 1px solid #dfe1e6; border-radius: 8px; }
h1 { font-size: 1.25rem; margin: 0 0 1rem; }
label { display: block; margin: 0.75rem 0 0.25rem; }
input { width: 100%; box-sizing: border-box; padding: 0.5rem; font: inherit; border: 1px solid #9aa1ad; border-radius: 4px; }
button { margin-top: 1.25rem; width: 100%; padding: 0.6rem; font: inherit; color: #fff; background: #1b57d6; border: 0; border-radius: 4px; }
p.error { color: #a3190f; }
small { color: #596275; }
`;

/** What the pages may load and where their forms may lead; a form's redirects count too. */
export function contentPolicy(formTargets: readonly string[]): string {
    const style = createHash("sha256").update(STYLE).digest("base64");
    const forms = ["'self'", ...formTargets].join(" ");
    return `default-src 'none'; style-src 'sha256-${style}'; form-action ${forms}; frame-ancestors 'none'; base-uri 'none'`;
}

/** The form that asks for name and password. */
export function signInPage({ uid, name = "", error }: { uid: string; name?: string; error?: string }): string {
    return page(
        "Sign in",
        `${error === undefined ? "" : `<p class="error" role="alert">${escaped(error)}</p>`}
<form method="post" action="/sign-in/${encodeURIComponent(uid)}" autocomplete="on">
<label for="name">Name</label>
<input id="name" name="name" value="${escaped(name)}" autocomplete="username" required autofocus>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button type="submit">Sign in</button>
</form>
<p><small>This platform's own identity provider, for one machine. <code>mlp accounts</code> lists its accounts.</small></p>`,
    );
}

/** Asks whether to sign out, around the form that the provider has made. */
export function signOutPage(form: string): string {
    const button = '<button type="submit" name="logout" value="yes" form="op.logoutForm">Sign out</button>';
    return page("Sign out", `<p>Sign out of every page of the platform?</p>${form}${button}`);
}

/** A page that tells something. */
export function errorPage(title: string, text: string): string {
    return page(title, `<p>${escaped(text)}</p>`);
}

function page(title: string, body: string): string {
    return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title><style>${STYLE}</style></head>
<body><main><h1>${escaped(title)}</h1>${body}</main></body></html>
`;
}

function escaped(text: string): string {
    return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
