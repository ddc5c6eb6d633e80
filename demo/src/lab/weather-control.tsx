import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getWeather, setWeather, WEATHERS } from '../api.ts'

const queryKey = ['weather']

export function WeatherControl() {
  const queryClient = useQueryClient()
  const current = useQuery({ queryKey, queryFn: getWeather })
  const change = useMutation({
    mutationFn: setWeather,
    onSuccess: (weather) => queryClient.setQueryData(queryKey, weather),
  })
  const shown = change.isPending ? change.variables : current.data
  const error = change.error ?? current.error
  return (
    <fieldset>
      <legend>API weather</legend>
      {WEATHERS.map((weather) => (
        <label key={weather}>
          <input
            type="radio"
            name="weather"
            checked={shown === weather}
            onChange={() => change.mutate(weather)}
          />
          {weather}
        </label>
      ))}
      {error && <p role="alert">{error.message}</p>}
    </fieldset>
  )
}
