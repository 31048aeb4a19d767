/** Whether the window is that of a phone; style.css has the same bound. */
import { useEffect, useState } from 'preact/hooks';

const narrow = matchMedia('(max-width: 600px)');

export function useNarrow(): boolean {
  const [isNarrow, setNarrow] = useState(narrow.matches);
  useEffect(() => {
    const follow = () => setNarrow(narrow.matches);
    narrow.addEventListener('change', follow);
    return () => narrow.removeEventListener('change', follow);
  }, []);
  return isNarrow;
}
