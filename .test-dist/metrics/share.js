export function shareOf(count, total) {
    return { count, total, share: total === 0 ? undefined : count / total };
}
