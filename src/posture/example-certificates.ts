/**
 * Two certificates for examples, made for them with `openssl req -x509 -subj /CN=c`; nobody kept the key. The one ends in
 * January 2046, the other five days behind the day of the examples.
 */
export const exampleCertificates = {
  lasting: pem('MIIBbTCCAROgAwIBAgIUTiVcYLhZRRP6vO70ebN1BlVXPQ8wCgYIKoZIzj0EAwIwDDEKMAgGA1UEAwwBYzAeFw0yNjExMjEyMTE1MTRaFw00NjAxMjAyMTE1MTRaMAwxCjAIBgNVBAMMAWMwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARDonl6tEel4xpDGP7TYqws2J4iMaQITQs7mifdDuJPRnJL36WBMcROmTWZuRGyb7ZWjwYjKvxG5DnyWpR2AQwno1MwUTAdBgNVHQ4EFgQUaRDLYgcaP0qjHJAAsIYTf0MN6uwwHwYDVR0jBBgwFoAUaRDLYgcaP0qjHJAAsIYTf0MN6uwwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiEAygwdkK/gQ40iuQYMZwrlQ0I+7PXOxxK952P6V7esDucCIBiRntyd/d/mRByL/j7DzyBbNn9emszYge29WLr46kin'),
  ending: pem('MIIBbTCCAROgAwIBAgIUfYsDRwgrK77wW4oJAi9n+WyguK0wCgYIKoZIzj0EAwIwDDEKMAgGA1UEAwwBYzAeFw0yNjExMjEyMTE1MTRaFw0yNjExMjYyMTE1MTRaMAwxCjAIBgNVBAMMAWMwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARDonl6tEel4xpDGP7TYqws2J4iMaQITQs7mifdDuJPRnJL36WBMcROmTWZuRGyb7ZWjwYjKvxG5DnyWpR2AQwno1MwUTAdBgNVHQ4EFgQUaRDLYgcaP0qjHJAAsIYTf0MN6uwwHwYDVR0jBBgwFoAUaRDLYgcaP0qjHJAAsIYTf0MN6uwwDwYDVR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiBUTBAza/srDhtDKjdxAZOpf2YeMnWjN77cvLL+SI5BigIhAJzf6CRo6tngfSE7mR1Hj4ejHJqvpG3poDhB5VSOUlOO'),
}

function pem(body: string): string {
  return `-----BEGIN CERTIFICATE-----\n${body.match(/.{1,64}/g)!.join('\n')}\n-----END CERTIFICATE-----\n`
}
