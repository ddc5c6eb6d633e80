export const useUser = (): { id: string } | null => null
