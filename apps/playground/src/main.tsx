import { render } from "preact";

import { App } from "./app/app.tsx";
import { reportUncaught } from "./problems/uncaught.ts";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/controls.css";
import "./styles/layout.css";

reportUncaught();
const place = document.getElementById("app")!;
place.replaceChildren(); // what is said there while nothing has been loaded
render(<App />, place);
