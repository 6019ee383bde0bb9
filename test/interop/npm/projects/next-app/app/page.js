export const dynamic = 'force-dynamic';

export default function Page() {
  return <p id="project">next-app</p>;
}
