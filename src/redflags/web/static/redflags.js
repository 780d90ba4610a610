// Progressive only: every page works without it.
import { initAll } from "./vendor/govuk-frontend.min.js?v=6.6.0";

initAll();
