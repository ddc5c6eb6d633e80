export const render = async (storageKey: string): Promise<string> => storageKey
