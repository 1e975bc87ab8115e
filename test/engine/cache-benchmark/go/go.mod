module example.com/orders

go 1.24

require (
	github.com/aws/aws-sdk-go-v2/config v1.31.12
	github.com/aws/aws-sdk-go-v2/service/dynamodb v1.51.0
	github.com/aws/aws-sdk-go-v2/service/s3 v1.88.4
	github.com/gin-gonic/gin v1.11.0
	github.com/prometheus/client_golang v1.23.2
	google.golang.org/grpc v1.76.0
)
