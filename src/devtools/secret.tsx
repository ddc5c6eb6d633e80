import { useState } from 'react'
import { describeValue, maskId } from './mask.ts'

interface SecretProps {
  /** Names the value for the button. */
  name: string
  value: string
  mask?: (value: string) => string
}

/** A value that is masked until a person asks for it. Give it the value as key: the next one is masked again. */
export function Secret({ name, value, mask = maskId }: SecretProps) {
  const [isShown, setIsShown] = useState(false)
  return (
    <>
      <code>{describeValue(isShown ? value : mask(value))}</code>{' '}
      <button
        type="button"
        className="reveal"
        aria-label={`${isShown ? 'Hide' : 'Show'} ${name}`}
        onClick={() => setIsShown(!isShown)}
      >
        {isShown ? 'hide' : 'show'}
      </button>
    </>
  )
}
