import { readKubectl } from './kubectl';

it.each([
  [
    'kubectl -n shop rollout status deployment/saga deployment/projector',
    ['Deployment/saga', 'Deployment/projector'],
  ],
  ['kubectl -n shop delete job migrations schemas --ignore-not-found', ['Job/migrations', 'Job/schemas']],
  ['kubectl -n shop scale deployment/saga --replicas=0', ['Deployment/saga']],
  ['kubectl -n shop annotate scaledobject saga keda.sh/paused-replicas=0 --overwrite', ['ScaledObject/saga']],
  ['kubectl -n shop exec deployment/saga -- node dist/x.js a/b', ['Deployment/saga']],
  ['kubectl -n shop port-forward svc/query-api 8090', ['Service/query-api']],
  ['kubectl -n shop logs -l app.kubernetes.io/name=saga --tail=200', []],
  ['kubectl -n shop get pods', []],
])('%s', (command, objects) => {
  expect(readKubectl(command)).toMatchObject({ namespace: 'shop', objects });
});

it('what is created is told apart from what it is made of', () => {
  const command =
    'kubectl -n shop create job look-now --from=cronjob/look --dry-run=client -o yaml | kubectl apply -f -';
  expect(readKubectl(command)).toMatchObject({ objects: ['CronJob/look'], created: 'Job/look-now' });
  expect(readKubectl('kubectl -n shop logs job/look-now | tail -1 | jq a/b')).toMatchObject({
    objects: ['Job/look-now'],
    created: undefined,
  });
});

it('the label and the overlay are told apart from objects', () => {
  expect(readKubectl('kubectl logs -l a/b=c')).toMatchObject({ label: 'a/b=c', objects: [] });
  expect(readKubectl('kubectl apply -k k8s/overlays/dev')).toMatchObject({
    overlay: 'k8s/overlays/dev',
    objects: [],
  });
  expect(readKubectl('make up')).toBeUndefined();
});
