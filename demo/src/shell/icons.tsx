/** A half note, and half a sheet of notes. */
export const Logo = () => (
  <svg viewBox="0 0 32 32" className="logo" aria-hidden="true">
    <ellipse cx="11" cy="23" rx="8" ry="6" transform="rotate(-24 11 23)" fill="var(--accent)" />
    <ellipse cx="11" cy="23" rx="4.6" ry="2.2" transform="rotate(-34 11 23)" fill="var(--paper)" />
    <path d="M18.2 20.5V2" stroke="var(--ink)" strokeWidth="2.6" strokeLinecap="round" />
  </svg>
)

export const BagIcon = () => (
  <svg viewBox="0 0 24 24" className="icon" aria-hidden="true">
    <path
      d="M4.5 8.5h15l-1.2 12h-12.6z"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinejoin="round"
    />
    <path
      d="M8.5 11V7a3.5 3.5 0 0 1 7 0v4"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
    />
  </svg>
)

export const SearchIcon = () => (
  <svg viewBox="0 0 24 24" className="icon" aria-hidden="true">
    <circle cx="10.5" cy="10.5" r="6.5" fill="none" stroke="currentColor" strokeWidth="2" />
    <path d="m15.5 15.5 5 5" stroke="currentColor" strokeWidth="2" strokeLinecap="round" />
  </svg>
)
