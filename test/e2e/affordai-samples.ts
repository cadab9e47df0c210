/** What AffordAI's guide shows, word for word; the guide's address, token and application are placeholders in it. */
export const SAMPLE_HOST = 'api.affordai.io';
export const SAMPLE_TOKEN = '<your-application-token>';
export const SAMPLE_APPLICATION = 'your-application-id';

/** With the guide's explanations inside the JSON. */
export const HTTP_SAMPLE = `POST /v1/events HTTP/1.1
Host: api.affordai.io
Authorization: Bearer <your-application-token>
Content-Type: application/json

{
  "appId": "your-application-id", // unique application id
  "eventType": "text_gen", // currently only "text_gen" is supported
  "consumerId": "user@example.com", // might be any user identifier or null for anonymous request
  "inputTokens": 500,
  "inputTokensCached": 100, // optional, used for models which support tokens caching
  "outputTokens": 300
}`;

export const PYTHON_SAMPLE = `import requests

# Event payload
payload = {
    "appId": "your-application-id",
    "eventType": "text_gen",
    "consumerId": "user@example.com", # Optional
    "inputTokens": 150,
    "inputTokensCached": 100, # Optional
    "outputTokens": 350
}

# Headers
headers = {
    "Authorization": "Bearer <your-application-token>",
    "Content-Type": "application/json"
}

# Send the request
response = requests.post("https://api.affordai.io/v1/events", json=payload, headers=headers)

# Check the response
if response.status_code == 202:
    print("Event successfully recorded.")
else:
    print(f"Failed to record event: {response.status_code}, {response.json()}")
`;

export const JAVASCRIPT_SAMPLE = `const axios = require('axios');

const payload = {
  appId: 'your-application-id',
  eventType: 'text_gen',
  consumerId: 'user@example.com', // Optional
  inputTokens: 150,
  inputTokensCached: 100, // Optional
  outputTokens: 350,
};

const headers = {
  Authorization: 'Bearer <your-application-token>',
  'Content-Type': 'application/json',
};

axios
  .post('https://api.affordai.io/v1/events', payload, { headers })
  .then((response) => {
    console.log('Event successfully recorded.');
  })
  .catch((error) => {
    console.error(
      'Failed to record event:',
      error.response.status,
      error.response.data
    );
  });
`;
