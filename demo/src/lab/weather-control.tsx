import { useMutation } from '@tanstack/react-query'
import { setWeather, WEATHERS } from '../api.ts'

export function WeatherControl() {
  const { mutate, variables = 'normal', error } = useMutation({ mutationFn: setWeather })
  return (
    <fieldset>
      <legend>API weather</legend>
      {WEATHERS.map((weather) => (
        <label key={weather}>
          <input
            type="radio"
            name="weather"
            checked={variables === weather}
            onChange={() => mutate(weather)}
          />
          {weather}
        </label>
      ))}
      {error && <p role="alert">{error.message}</p>}
    </fieldset>
  )
}
